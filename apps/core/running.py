"""Keeping the processes of the shop: their ports, their output, and the end of all when one ends."""

import os
import re
import signal
import socket
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from honcho.manager import Manager

from apps.core.exceptions import DomainError
from apps.core.services.processes import PROC, end, is_alive

HOST = "127.0.0.1"
MARK = "RUN_OF_CHECKOUT"
# The signals that stop everything on purpose, and what honcho makes of them.
STOPPED_BY = {signal.SIGINT: 130, signal.SIGTERM: 143}


class PortTaken(DomainError):
    """Another program listens where the shop should."""

    code = "port_taken"


def port_from(text: str) -> int:
    """Return the port that PORT names, or raise PortTaken where something listens there already."""
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise PortTaken(f"PORT is {text!r}, which is no port: choose a number up to 65535, as in `PORT=8001 make run`.")
    port = int(text)
    with socket.socket() as probe:
        # As the web server does: a connection that lingers from the last run is no obstacle.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise PortTaken(
                f"Port {port} cannot be used ({error.strerror}): choose another, as in `PORT={port + 1} make run`."
            ) from None
    return port


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def usual_or_free_port(usual: int) -> int:
    """Return the usual port, or a free one where another program has taken it."""
    try:
        return port_from(str(usual))
    except PortTaken:
        return free_port()


def stop_on_signals() -> None:
    """Make SIGTERM and a closed terminal end the program the way Ctrl-C does, so that it cleans up."""
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    signal.signal(signal.SIGHUP, lambda number, frame: os.kill(os.getpid(), signal.SIGTERM))


def mark(state: Path) -> dict[str, str]:
    """Return the environment variable that marks the processes of this run of the checkout."""
    return {MARK: f"{state}:{os.getpid()}"}


def end_leftovers(state: Path) -> list[int]:
    """End what an earlier run of this checkout left behind when it was killed; return the ids of those processes."""
    found = []
    for environ in PROC.glob("[0-9]*/environ"):
        with suppress(OSError):
            marks = re.findall(rf"(?:^|\0){MARK}={re.escape(str(state))}:(\d+)\0", environ.read_text(errors="replace"))
            if marks and not is_alive(int(marks[0])):
                found.append(int(environ.parent.name))
    end(found, with_signal=signal.SIGTERM)
    end(found)
    return found


def keep(processes: Mapping[str, str], environment: Mapping[str, str]) -> int:
    """Run shell commands until a signal comes (0), or one of them ends and takes the others along (its exit code)."""
    manager = Manager()
    for name, command in processes.items():
        # `exec`, so that signals reach the program and not a shell before it.
        manager.add_process(name, f"exec {command}", env={**os.environ, **environment})
    before = {number: signal.getsignal(number) for number in STOPPED_BY}
    try:
        manager.loop()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    return 0 if manager.returncode in STOPPED_BY.values() else manager.returncode or 1
