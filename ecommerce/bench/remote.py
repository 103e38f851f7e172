"""
What it costs that a participant is deployed apart: lane workers drain a backlog of orders twice, on equal databases.

First every step runs in the lane workers; then the catalogue's, which are three of the five, run in workers of its own
behind RabbitMQ, as many as there are lane workers.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ecommerce.testing.processes import Process
from ecommerce.testing.rabbitmq import INSTALLED, rabbitmq
from ecommerce.testing.remote import participant
from ecommerce.testing.stack import READY

from .drain import drain_by_workers, drop_copies, gateway, prepare, restore_databases


@dataclass(frozen=True)
class Place:
    """Where the participant's workers run."""

    environment: dict[str, str]
    folder: Path


def run(*, orders: int, workers: int) -> None:
    """Print the rates."""
    if not INSTALLED:
        raise SystemExit("This needs RabbitMQ: apt-get install rabbitmq-server.")
    folder = Path(tempfile.mkdtemp(prefix="bench-"))
    try:
        prepare(orders)
        with gateway(folder, "first"):
            here = drain_by_workers(orders, workers, folder)
        restore_databases()
        with gateway(folder, "second"), rabbitmq(folder) as rabbit:
            environment = {"CELERY_BROKER_URL": rabbit.url}
            with participants(Place(os.environ | environment, folder), workers):
                apart = drain_by_workers(orders, workers, folder, SAGA_REMOTE_LANES="catalog", **environment)
    finally:
        drop_copies()
        shutil.rmtree(folder)
    print(f"\n{orders} orders, {workers} workers, all in them: {here:8.0f} orders/s")
    print(f"the catalogue apart, {workers} workers: {apart:12.0f} orders/s")
    print(f"ratio: {apart / here:34.2f}")


@contextmanager
def participants(place: Place, count: int) -> Iterator[None]:
    """Run so many workers of the catalogue's that take commands."""
    processes = [participant(place, f"participant-{n}").start() for n in range(count)]
    try:
        for process in processes:
            wait_for(process)
        yield
    finally:
        for process in processes:
            process.stop()


def wait_for(process: Process) -> None:
    process.ready(lambda: READY in process.log.read_text(), seconds=60)
