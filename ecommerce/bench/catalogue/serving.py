"""A web server as `manage.py run` starts it, and one shopper with a connection that is kept alive."""

import http.client
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from apps.core.running import free_port
from ecommerce.testing.processes import PYTHON, Process, listens

EMPTY = "/health/live"


class Browser:
    """One kept connection; tells how long each answer took."""

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def seconds(self, address: str) -> float:
        """Ask for an address and read the whole answer; raises where it is not a 200."""
        began = time.perf_counter()
        self.connection.request("GET", address)
        answer = self.connection.getresponse()
        body = answer.read()
        taken = time.perf_counter() - began
        if answer.status != 200:
            raise RuntimeError(f"{address} is answered with {answer.status}: {body[:300]!r}")
        return taken


@contextmanager
def web_server() -> Iterator[Browser]:
    """Have one web process with the databases of the environment; warmed by a few requests."""
    port, folder = free_port(), Path(tempfile.mkdtemp(prefix="bench-"))
    command = settings.RUN_PROCESSES["web"].format(python=PYTHON, port=port, state=folder).split()
    process = Process("web", command, os.environ | settings.RUN_ENVIRONMENT, folder)
    try:
        process.start().ready(lambda: listens(port), seconds=60)
        browser = Browser(port)
        for _ in range(50):
            browser.seconds(EMPTY)
        yield browser
    finally:
        process.stop()
        shutil.rmtree(folder)
