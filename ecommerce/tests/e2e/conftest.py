"""A checkout of its own, with the shop that `manage.py run` starts in it."""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

import psutil
import pytest
import urllib3
from django.conf import settings

from apps.core.running import end_leftovers, free_port
from apps.core.schema.owned import database_aliases
from apps.core.services.addresses import Checkout
from apps.core.services.embedded import Servers
from apps.core.testing.waiting import eventually
from ecommerce.testing.register import Told

# What would lead the shop to servers of somebody else.
FOREIGN = re.compile(r"_DATABASE_URL$|^REDIS_URL$|^CELERY_BROKER_URL$|^PAYMENT_GATEWAY|^PORT$|^DJANGO_SETTINGS_MODULE$")


@dataclass
class RunningShop:
    """
    The shop of a checkout.

    `processor_seconds` is the work on the way to its first page: on an idle machine no less than the time that took,
    and the same on a busy one.
    """

    checkout: Path
    port: int = field(default_factory=free_port)
    http: urllib3.PoolManager = field(default_factory=lambda: urllib3.PoolManager(maxsize=8, retries=False))
    processor_seconds: float = 0.0
    told: list[tuple[UUID, Told]] = field(default_factory=list)

    def start(self, *, once_printed: str = "") -> "RunningShop":
        """Start it, and wait for its first page, and before that for a sentence where another shop may answer still."""
        environment = {name: value for name, value in os.environ.items() if not FOREIGN.search(name)}
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "run"],
                cwd=self.checkout,
                env=environment | {"PORT": str(self.port), "PYTHONUNBUFFERED": "1"},
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        eventually(lambda: once_printed in self.printed, seconds=30, what=once_printed)
        eventually(self.answers, seconds=80, what="the first page")
        self.processor_seconds = self.worked()
        return self

    def worked(self) -> float:
        """The processor time of the program itself, of what it waited for, and of the web server."""
        program = psutil.Process(self.process.pid)
        web = [child for child in program.children(recursive=True) if "granian" in child.cmdline()]
        return sum(sum(process.cpu_times()[:4]) for process in [program, *web])

    def answers(self) -> bool:
        assert self.process.poll() is None, self.printed
        try:
            return self.http.request("GET", self.url("/health/live"), timeout=5.0).status == 200
        except urllib3.exceptions.HTTPError:
            return False

    def stop(self, with_signal: signal.Signals = signal.SIGINT) -> int:
        self.process.send_signal(with_signal)
        return self.process.wait(30)

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    @property
    def log(self) -> Path:
        return self.checkout / "run.log"

    @property
    def printed(self) -> str:
        return self.log.read_text()


@pytest.fixture(scope="session")
def shop() -> Iterator[RunningShop]:
    # pytest's own temporary folders are closed to other users, and root's servers are another user.
    checkout = Path(tempfile.mkdtemp(prefix="checkout-"))
    for package in ("apps", "ecommerce"):
        shutil.copytree(settings.BASE_DIR / package, checkout / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(settings.BASE_DIR / "manage.py", checkout)
    shop = RunningShop(checkout)
    try:
        yield shop.start()
    finally:
        if shop.process.poll() is None:
            shop.stop(signal.SIGTERM)
        # A test that failed half way may have left some of it.
        end_leftovers(Checkout(checkout).state)
        Servers(database_aliases(), Checkout(checkout)).stop()
        shutil.rmtree(checkout)
