"""
`/metrics`, right with any number of processes.

Where PROMETHEUS_MULTIPROC_DIR names a folder, every process of the machine keeps its numbers in files there, and any
of them tells the sum of all: the web's processes, the Celery workers with their children, the saga workers, beat.
Without it (tests, one process alone) a process tells its own.
"""

import os
from collections.abc import Iterator
from hmac import compare_digest
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    disable_created_metrics,
    generate_latest,
    start_http_server,
)
from prometheus_client.core import Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from apps.core.database import pool_sizes

from .readings import DatabaseReadings

# When a series began is of no use to anybody here, and doubles the page.
disable_created_metrics()  # type: ignore[no-untyped-call]
FOLDER = "PROMETHEUS_MULTIPROC_DIR"


class Processes(Collector):
    """What the processes of this machine counted, all together."""

    def collect(self) -> Iterator[Metric]:
        pool_sizes.refresh()
        folder = os.environ.get(FOLDER)
        if not folder:
            yield from REGISTRY.collect()
            return
        forget_the_dead(Path(folder))
        yield from MultiProcessCollector(None, path=folder).collect()  # type: ignore[no-untyped-call]


class Everything(Collector):
    """The series of the processes, then those read from the databases."""

    def collect(self) -> Iterator[Metric]:
        yield from Processes().collect()
        yield from DatabaseReadings().collect()


def fresh_folder(folder: Path) -> Path:
    """Make the folder ready for a new start: what processes of earlier starts left is removed."""
    folder.mkdir(parents=True, exist_ok=True)
    forget_the_dead(folder, "*.db")
    return folder


def forget_the_dead(folder: Path, files: str = "gauge_live*_*.db") -> None:
    """
    Remove what processes that live no more had open, such as `gauge_livesum_123.db`.

    What they counted stays while the others run: a sum that shrinks looks like a restart, and would be counted again
    from zero.
    """
    for file in folder.glob(files):
        try:
            os.kill(int(file.stem.rsplit("_", 1)[1]), 0)
        except ProcessLookupError:
            file.unlink(missing_ok=True)
        except PermissionError:
            continue


def view(request: HttpRequest) -> HttpResponse:
    """Answer Prometheus. With METRICS_TOKEN set, only to whoever sends it as a bearer token."""
    token = settings.METRICS_TOKEN
    if token and not compare_digest(request.headers.get("Authorization", "").encode(), f"Bearer {token}".encode()):
        return HttpResponse("Send the METRICS_TOKEN as a bearer token.\n", status=401, content_type="text/plain")
    return HttpResponse(generate_latest(Everything()), content_type=CONTENT_TYPE_LATEST)


def serve_where_configured(**_: Any) -> None:
    """
    Serve the processes' series on METRICS_PORT, where one is set: for a worker on a machine without the web.

    What the databases tell is left to the web's `/metrics`, so that it is told once.
    """
    if settings.METRICS_PORT:
        start_http_server(settings.METRICS_PORT, registry=Processes())
