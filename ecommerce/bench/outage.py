"""
What an outage costs the orders that wait it out: tries spent, claims made in vain, time until all are finished.

Orders are placed while the payments' database, or the payment gateway, is away behind a proxy; it comes back a minute
later, as it was.
"""

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from django.core.management import call_command
from django.db import connections

from apps.core.pools import close_connections
from ecommerce.testing.orders import place_orders
from ecommerce.testing.processes import PYTHON, Process
from ecommerce.testing.proxy import Address, Proxy, proxy
from ecommerce.testing.shop import make_variants
from ecommerce.testing.stack import LANES

from .drain import gateway

AWAY_SECONDS = 60.0
MOST_SECONDS = 120.0
CLAIMS = "SELECT n_tup_upd / 2 FROM pg_stat_user_tables WHERE relname = 'saga_transactions'"
LIVING = "SELECT count(*) FROM saga_transactions WHERE status IN ('active', 'compensating')"
UNDONE = "SELECT count(*) FROM saga_transactions WHERE status = 'failed'"
TRIES = """
SELECT coalesce(sum(most), 0)
FROM (
    SELECT max((data ->> 'failures')::int) AS most
    FROM saga_events
    WHERE kind IN ('failed', 'unknown') AND NOT data ? 'postponed'
    GROUP BY saga_id, step, direction
) AS spent
"""
WRONG = ("the database refuses", "the gateway refuses", "the gateway is silent")


def run(*, orders: int, workers: int) -> None:
    """Print one line for each thing that was away."""
    folder = Path(tempfile.mkdtemp(prefix="bench-"))
    try:
        call_command("migrate", verbosity=0)
        lines = [_measured(wrong, orders, workers, folder) for wrong in WRONG]
    finally:
        close_connections()
        shutil.rmtree(folder)
    print(f"\n{orders} orders, {workers} workers, {AWAY_SECONDS:.0f} s")
    print(f"{'':24}{'tries spent':>12}{'claims in vain':>16}{'undone':>8}{'all finished after':>20}")
    print("\n".join(lines))


def _measured(wrong: str, orders: int, workers: int, folder: Path) -> str:
    tries, undone = _number(TRIES), _number(UNDONE)
    # Before the outage, so that the variants are there; the orders come when it has begun.
    variants = make_variants(stock=orders)
    with _shop(folder / wrong, workers) as proxies:
        broken = proxies["payments" if "database" in wrong else "gateway"]
        (broken.hang if "silent" in wrong else broken.refuse)()
        before = _claims()
        place_orders([variants] * orders)
        time.sleep(AWAY_SECONDS)
        # The catalogue claims each order once; the rest is payments asking in vain.
        claims = _claims() - before - orders
        broken.mend()
        took = _seconds_until_all_ended()
    spent, failed = _number(TRIES) - tries, _number(UNDONE) - undone
    return f"{wrong:24}{spent:12}{claims:16}{failed:8}{took:>20}"


def _seconds_until_all_ended() -> str:
    began = time.monotonic()
    while left := _number(LIVING):
        time.sleep(0.1)
        if time.monotonic() - began > MOST_SECONDS:
            return f"{left} not after {MOST_SECONDS:.0f} s"
    return f"{time.monotonic() - began:.1f} s"


@contextmanager
def _shop(folder: Path, workers: int) -> Iterator[dict[str, Proxy]]:
    """Have workers that reach the payments' database and the gateway through proxies."""
    folder.mkdir()
    address = os.environ["PAYMENTS_DATABASE_URL"]
    with gateway(folder, "gateway"), proxy(_server_of(address)) as database, proxy(_gateway()) as asked:
        environment = os.environ | {
            "PAYMENTS_DATABASE_URL": _through(database, address),
            "PAYMENT_GATEWAY_URL": f"http://127.0.0.1:{asked.port}",
            "EMAIL_FILE_PATH": str(folder / "mail"),
        }
        lanes = [part for lane in LANES for part in ("--lane", lane)]
        command = [PYTHON, "manage.py", "saga", "worker", *lanes]
        processes = [Process(f"worker-{n}", command, environment, folder).start() for n in range(workers)]
        time.sleep(5.0)
        try:
            yield {"payments": database, "gateway": asked}
        finally:
            for process in processes:
                process.stop()


def _server_of(address: str) -> Address:
    with psycopg.connect(address) as connection:
        host, port = connection.info.host, connection.info.port
    return f"{host}/.s.PGSQL.{port}" if host.startswith("/") else (host, port)


def _through(database: Proxy, address: str) -> str:
    parts = urlsplit(address)
    with psycopg.connect(address) as connection:
        user, password = connection.info.user, connection.info.password
    return urlunsplit(parts._replace(netloc=f"{user}:{password}@127.0.0.1:{database.port}", query=""))


def _gateway() -> Address:
    parts = urlsplit(os.environ["PAYMENT_GATEWAY_URL"])
    assert parts.hostname
    assert parts.port
    return parts.hostname, parts.port


def _claims() -> int:
    """Return how many sagas were claimed so far: a claim and its settle write a row twice."""
    time.sleep(1.5)  # Sessions tell their numbers once a second.
    return _number(CLAIMS)


def _number(query: str) -> int:
    with connections["orders"].cursor() as cursor:
        cursor.execute(query)
        return int(cursor.fetchone()[0])
