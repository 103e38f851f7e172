"""A shop for the length of the demonstration, where none runs: the same processes that `manage.py run` keeps."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from celery import current_app
from django.conf import settings
from kombu.exceptions import OperationalError

from apps.core.exceptions import DomainError
from apps.core.running import HOST, free_port

from .callers import is_up

PATIENCE_SECONDS = 90.0
GRACE_SECONDS = 20.0
PAUSE_SECONDS = 0.2
LAST_LINES = 12


class ShopDidNotStart(DomainError):
    """The processes of the shop ended, or did not get ready in time; the message ends with their last words."""

    code = "shop_did_not_start"


@contextmanager
def running_shop() -> Iterator[str]:
    """
    Run the shop on a free port for the length of a block, and give its address; what it says goes to `.local/demo.log`.

    Raises:
        ShopDidNotStart: nothing runs any more.
    """
    log = Path(settings.BASE_DIR) / ".local" / "demo.log"
    log.parent.mkdir(exist_ok=True)
    port = free_port()
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "run"],
            cwd=settings.BASE_DIR,
            env=os.environ | {"PORT": str(port)},
            stdout=output,
            stderr=subprocess.STDOUT,
            # Ctrl-C is for the demonstration, which then stops the shop in order.
            start_new_session=True,
        )
    try:
        url = f"http://{HOST}:{port}"
        wait_until_ready(process, url, log)
        yield url
    finally:
        stop(process)


def wait_until_ready(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    """Return once the shop answers and a worker listens."""
    gives_up_at = time.monotonic() + PATIENCE_SECONDS
    while not (is_up(url) and has_workers()):
        if process.poll() is not None or time.monotonic() > gives_up_at:
            last = "\n".join(log.read_text(errors="replace").splitlines()[-LAST_LINES:])
            raise ShopDidNotStart(f"The shop did not start; it said last, in {log}:\n{last}")
        time.sleep(PAUSE_SECONDS)


def has_workers() -> bool:
    """Tell whether a Celery worker answers."""
    try:
        return bool(current_app.control.ping(timeout=0.5))
    except (OperationalError, OSError):
        return False


def stop(process: subprocess.Popen[bytes]) -> None:
    """Ask the shop to end, and end it when it does not; what that leaves behind, the next start puts in order."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
    try:
        process.wait(GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
