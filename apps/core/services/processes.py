"""Running the servers' programs, and finding what an earlier run left behind."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from .owner import Owner

PROC = Path("/proc")


def run_as(owner: Owner, command: Sequence[str | Path], *, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run a program as the servers' user with English messages, and return its end and all it printed."""
    environment = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}
    return subprocess.run(  # noqa: S603 - our own programs, no shell
        [str(part) for part in command],
        cwd=cwd,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
        umask=0o077,
        **owner.identity(),
    )


def is_alive(pid: int) -> bool:
    """Tell whether a process has this id; one of another user counts."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return not _is_zombie(pid)


def _is_zombie(pid: int) -> bool:
    try:
        return (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return False


def working_in(folder: Path, *, program: str) -> list[int]:
    """
    Return the ids of a program's processes whose working folder is `folder`, even if it has been deleted since.

    PostgreSQL's processes all work in their data folder, Valkey in its own. Empty where the system has no /proc.
    """
    wanted = {str(folder), f"{folder} (deleted)"}
    found = []
    for entry in PROC.glob("[0-9]*"):
        try:
            if (entry / "comm").read_text().strip() == program and os.readlink(entry / "cwd") in wanted:
                found.append(int(entry.name))
        except OSError:
            continue
    return found


def end(pids: Sequence[int], *, with_signal: signal.Signals = signal.SIGKILL, within_seconds: float = 10) -> bool:
    """Signal the processes and wait until they are gone; tell whether they all are."""
    for pid in pids:
        try:
            os.kill(pid, with_signal)
        except ProcessLookupError:
            continue
    return wait_until(lambda: not any(is_alive(pid) for pid in pids), within_seconds=within_seconds)


def wait_until(condition: Callable[[], bool], *, within_seconds: float) -> bool:
    """Ask until `condition` holds; tell whether it did in time."""
    deadline = time.monotonic() + within_seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True
