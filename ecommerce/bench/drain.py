"""
How fast lane workers drain a backlog of orders, beside the same SQL with no Python at all.

Three runs on equal databases: the workers as `manage.py saga worker` runs them, with a real payment gateway process
and mails into files; one worker in this process that records every statement; and pgbench, which replays the recorded
statements with one connection a database. The last is the floor that the databases set on this machine.
"""

import os
import random
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connections

from apps.core.pools import close_connections
from apps.core.services.binaries import postgres_binaries
from apps.core.testing.waiting import eventually
from apps.payments.testing import RunningGateway
from apps.sagas.testing import drain
from ecommerce.testing.orders import place_orders
from ecommerce.testing.processes import PYTHON, Process
from ecommerce.testing.shop import make_variants
from ecommerce.testing.stack import LANES

from .databases import ALIASES, drop, recreate
from .recording import Recording, recorded

COPY = "bench_copy_{}"


def run(*, orders: int, workers: int) -> None:
    """Print the rates."""
    folder = Path(tempfile.mkdtemp(prefix="bench-"))
    try:
        prepare(orders)
        with gateway(folder, "first"):
            ours = drain_by_workers(orders, workers, folder)
        restore_databases()
        with gateway(folder, "second"):
            recording = _drain_recorded()
        restore_databases()
        floor = _replay(recording, orders, folder)
    finally:
        drop_copies()
        shutil.rmtree(folder)
    print(f"\n{orders} orders, {workers} workers: {ours:8.0f} orders/s")
    print(f"the same SQL by pgbench:      {floor:8.0f} orders/s")
    print(f"ratio:                        {ours / floor:8.2f}")


def prepare(orders: int) -> None:
    """Place so many orders of two lines, and keep a copy of the databases as they are then."""
    call_command("migrate", verbosity=0)
    variants = make_variants(stock=1_000_000, products=500, variants=2)
    chooser = random.Random(1)  # noqa: S311
    place_orders([chooser.sample(variants, 2) for _ in range(orders)])
    close_connections()
    for alias in ALIASES:
        recreate(alias, COPY.format(alias), template=f"bench_{alias}")


@contextmanager
def gateway(folder: Path, name: str) -> Iterator[None]:
    """Run a payment gateway that has heard of no order yet."""
    gateway = RunningGateway(folder / name)
    try:
        gateway.start()
        settings.PAYMENT_GATEWAY_URL = os.environ["PAYMENT_GATEWAY_URL"] = gateway.url
        yield
    finally:
        gateway.stop()


def restore_databases() -> None:
    """Put every database back to its copy."""
    close_connections()
    for alias in ALIASES:
        recreate(alias, f"bench_{alias}", template=COPY.format(alias))


def drop_copies() -> None:
    """Drop the copies that were made."""
    close_connections()
    for alias in ALIASES:
        drop(alias, COPY.format(alias))


def not_completed() -> int:
    """Return how many sagas have not completed."""
    with connections["orders"].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM saga_transactions WHERE status IN ('active', 'compensating', 'failed')")
        count: int = cursor.fetchone()[0]
        return count


def _commits() -> int:
    with connections["orders"].cursor() as cursor:
        cursor.execute("SELECT sum(xact_commit) FROM pg_stat_database WHERE datname LIKE 'bench\\_%%'")
        return int(cursor.fetchone()[0])


def drain_by_workers(orders: int, workers: int, folder: Path, **environment: str) -> float:
    """Have worker processes, with variables of their own, carry every saga to its end; return how many a second."""
    before, since = _commits(), _database_time()
    processes = [
        Process(
            f"worker-{n}",
            [PYTHON, "manage.py", "saga", "worker", *(part for lane in LANES for part in ("--lane", lane))],
            os.environ | {"EMAIL_FILE_PATH": str(folder / "mail")} | environment,
            folder,
        ).start()
        for n in range(workers)
    ]
    try:
        eventually(lambda: not_completed() == 0, seconds=300, what="every saga's end")
    finally:
        for process in processes:
            process.stop()
    seconds = _seconds_of_work(since)
    print(f"drained in {seconds:.2f} s; commits an order: {(_commits() - before) / orders:.2f}")
    return orders / seconds


def _database_time() -> datetime:
    with connections["orders"].cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        moment: datetime = cursor.fetchone()[0]
        return moment


def _seconds_of_work(since: datetime) -> float:
    """From the first step answered to the last saga finished, by the database's clock: start-up is not work."""
    with connections["orders"].cursor() as cursor:
        cursor.execute(
            "SELECT extract(epoch FROM (SELECT max(finished_at) FROM saga_transactions)"
            " - (SELECT min(at) FROM saga_events WHERE kind = 'completed' AND at > %s))",
            [since],
        )
        return float(cursor.fetchone()[0])


def _drain_recorded() -> Recording:
    started = time.monotonic()
    with recorded(ALIASES) as recording:
        drain(LANES)
    assert not_completed() == 0, "a step failed in the recorded run"
    print(f"one worker in this process, recording: {time.monotonic() - started:.2f} s")
    return recording


def _replay(recording: Recording, orders: int, folder: Path) -> float:
    scripts = recording.write(folder)
    programs = [
        Process(
            f"pgbench-{alias}",
            [
                str(postgres_binaries() / "pgbench"),
                "-n",
                "-M",
                "simple",
                "-c",
                "1",
                "-t",
                "1",
                "-f",
                str(script),
                address,
            ],
            os.environ,
            folder,
        )
        for alias, script in scripts.items()
        for address in [os.environ[f"{alias.upper()}_DATABASE_URL"]]
    ]
    started = time.monotonic()
    for program in programs:
        program.start()
    for program in programs:
        assert program.process is not None
        program.process.wait(600)
        assert program.process.returncode == 0, program.log.read_text()[-2000:]
    seconds = time.monotonic() - started
    assert not_completed() == 0, "the replay did not do the same work"
    return orders / seconds
