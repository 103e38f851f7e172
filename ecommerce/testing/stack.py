"""
The whole shop as real processes on the test databases: web, workers, payment gateway, mail into files.

What a customer's browser, a lane worker and a gateway do in production happens here too; only the addresses differ.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode
from uuid import UUID

import urllib3
from celery import current_app
from django.conf import settings
from django.db import connections

from apps.core.running import free_port
from apps.core.schema.owned import database_aliases
from apps.payments.testing import RunningGateway

from .mail import RunningMailSink
from .processes import PYTHON, Process
from .register import Told

ALIASES = tuple(database_aliases())
LANES: tuple[str, ...] = settings.LANES
READY = " ready."


def database_url(alias: str) -> str:
    """Return the address of a test database, for another process."""
    config: dict[str, Any] = connections[alias].settings_dict
    options = {key: str(value) for key, value in config["OPTIONS"].items() if key in ("passfile", "sslmode")}
    host, port = str(config["HOST"]), str(config["PORT"] or "")
    if host.startswith("/"):
        options["host"] = host
    login = quote(config["USER"]) + (f":{quote(config['PASSWORD'])}" if config["PASSWORD"] else "")
    place = "" if host.startswith("/") else f"{host}:{port}" if port else host
    query = f"?{urlencode(options, quote_via=quote)}" if options else ""
    return f"postgresql://{login}@{place}/{quote(config['NAME'])}{query}"


def environment_of(folder: Path, gateway: RunningGateway, mail_port: int) -> dict[str, str]:
    """Return the environment that puts every process on the test databases, cache, gateway and mail server."""
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "ecommerce.settings.test",
        "REDIS_URL": settings.CACHES["default"]["LOCATION"],
        "CELERY_BROKER_URL": settings.CELERY_BROKER_URL,
        "PAYMENT_GATEWAY_URL": gateway.url,
        "EMAIL_URL": f"smtp://127.0.0.1:{mail_port}",
        "PYTHONUNBUFFERED": "1",
        "PROMETHEUS_MULTIPROC_DIR": str(folder / "metrics"),
        **{f"{alias.upper()}_DATABASE_URL": database_url(alias) for alias in ALIASES},
    }


@dataclass
class Stack:
    """The processes of one shop; `web`, `workers` and `gateway` can be killed and started again."""

    folder: Path
    web_port: int = field(default_factory=free_port)
    extra: Mapping[str, str] = field(default_factory=dict)
    told: list[tuple[UUID, Told]] = field(default_factory=list)
    """What customers were told of their orders."""
    http: urllib3.PoolManager = field(default_factory=lambda: urllib3.PoolManager(maxsize=64, retries=False))

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        # Their ports are chosen before they start: the others' environment names them.
        self.gateway = RunningGateway(self.folder / "gateway.sqlite3", port=free_port())
        self.mail_sink = RunningMailSink(self.folder, port=free_port())
        self.environment = environment_of(self.folder, self.gateway, self.mail_sink.port) | dict(self.extra)
        self.web = self._process(
            "web",
            *("-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(self.web_port)),
            *("--workers", "1", "--blocking-threads", "16", "--backpressure", "256", "ecommerce.wsgi:application"),
        )
        self.worker = self._process(
            "worker",
            *("-m", "celery", "-A", "ecommerce", "worker", "--pool", "threads", "--concurrency", "4", "-l", "warning"),
            *("--without-gossip", "--without-mingle", "--without-heartbeat"),
            *("-Q", ",".join(["default", *(f"lane.{lane}" for lane in LANES)])),
        )
        self.beat = self._process(
            "beat",
            *("-m", "celery", "-A", "ecommerce", "beat", "-l", "warning", "--schedule", str(self.folder / "beat")),
        )

    def _process(self, name: str, *arguments: str) -> Process:
        return Process(name, [PYTHON, *arguments], self.environment, self.folder)

    def lane_worker(self, name: str, *lanes: str, **environment: str) -> Process:
        """Return a worker of lanes without Celery, not yet started."""
        arguments = [part for lane in lanes or LANES for part in ("--lane", lane)]
        command = [PYTHON, "manage.py", "saga", "worker", *arguments]
        return Process(name, command, self.environment | environment, self.folder)

    def celery_worker(self, lane: str) -> Process:
        """Return a Celery worker of one lane, as `docker/` deploys it, not yet started; its log says READY."""
        queues = f"lane.{lane},default" if lane == "orders" else f"lane.{lane}"
        return self._process(
            lane,
            *("-m", "celery", "-A", "ecommerce", "worker", "--pool", "threads", "--concurrency", "2", "-l", "warning"),
            *("--without-gossip", "--without-mingle", "--hostname", f"{lane}@%h", "-Q", queues),
        )

    def start_web(self) -> None:
        self.web.start().ready(lambda: self._answers("/health/live"))

    def start_worker(self) -> None:
        self.worker.start().ready(lambda: current_app.control.ping(timeout=0.2))

    def start_judges(self) -> None:
        """Start the gateway and the mail sink, which survive whatever the shop goes through and tell of it later."""
        self.gateway.start()
        self.mail_sink.start()

    def start(self) -> "Stack":
        """Start everything."""
        self.start_judges()
        self.start_web()
        self.start_worker()
        self.beat.start()
        return self

    def stop(self) -> None:
        """Stop everything that still runs."""
        for process in (self.beat, self.worker, self.web, self.gateway, self.mail_sink):
            process.stop()

    def _answers(self, path: str) -> bool:
        try:
            return self.http.request("GET", self.url(path), timeout=2.0).status == 200
        except urllib3.exceptions.HTTPError:
            return False

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.web_port}{path}"

    @property
    def mails(self) -> list[str]:
        """The text of every mail that was handed over."""
        return self.mail_sink.texts
