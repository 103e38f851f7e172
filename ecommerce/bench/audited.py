"""
What the auditor costs those who sell: the same backlog is drained, over and over, beside nobody, beside an auditor that
takes a third of the time, as it does while it keeps up, and beside one that takes four fifths, as it does while it is
behind; and beside nobody once more, without the index by which it finds what has ended.

The four take turns, so whatever else the machine does meets all of them; medians are told, and every drain.
"""

import os
import shutil
import statistics
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.core.management import call_command
from django.db import connections

from apps.core.pools import close_connections
from apps.payments.testing import RunningGateway
from apps.sagas.audit.turns import turn
from ecommerce.testing.orders import place_orders
from ecommerce.testing.shop import make_variants

from .databases import ALIASES
from .drain import drain_by_workers

DRAINS = 4
TURN_SECONDS = 2.0
INDEX = "idx_saga_transactions_finished"
CREATE = f"CREATE INDEX IF NOT EXISTS {INDEX} ON saga_transactions (finished_at, id) WHERE finished_at IS NOT NULL"
SHARES = {"beside nobody": 0.0, "a third audited": 5 / 15, "four fifths audited": 12 / 15, "without the index": 0.0}


@dataclass
class Drained:
    """What the drains of one kind came to: orders a second, bytes of log an order, sagas judged a second."""

    rates: list[float] = field(default_factory=list)
    logged: list[float] = field(default_factory=list)
    judged: list[float] = field(default_factory=list)


class Auditor:
    """Takes turns beside the workers for a share of the time."""

    def __init__(self, share: float) -> None:
        self.share = share
        self.judged: Counter[str] = Counter()
        self.seconds = 0.0
        self.over = threading.Event()
        self.thread = threading.Thread(target=self.work)

    def work(self) -> None:
        """Judge, and rest for as long as the share leaves, until told to end."""
        began = time.perf_counter()
        while self.share and not self.over.is_set():
            at = time.perf_counter()
            for one in turn(seconds=TURN_SECONDS):
                assert not one.findings, one
                self.judged[one.check] += one.rows
            self.over.wait((time.perf_counter() - at) * (1 - self.share) / self.share)
        self.seconds = time.perf_counter() - began
        connections.close_all()

    def beside(self, work: Callable[[], float]) -> float:
        """Do something while it takes its turns."""
        self.thread.start()
        try:
            return work()
        finally:
            self.over.set()
            self.thread.join()


def run(*, orders: int, workers: int) -> None:
    """Print orders a second, bytes of log and sagas judged, of each kind of drain."""
    folder = Path(tempfile.mkdtemp(prefix="bench-"))
    gateway = RunningGateway(folder / "gateway.sqlite3")
    results = {name: Drained() for name in SHARES}
    try:
        call_command("migrate", verbosity=0)
        gateway.start()
        settings.PAYMENT_GATEWAY_URL = os.environ["PAYMENT_GATEWAY_URL"] = gateway.url
        settings.AUDIT_LAG_SECONDS = -1.0
        variants = make_variants(stock=10_000_000, products=50, variants=2)
        baskets = [[variants[n % 100], variants[(n + 1) % 100]] for n in range(orders)]
        for _ in range(DRAINS):
            for name, share in SHARES.items():
                _measure(results[name], name, share, baskets, lambda: drain_by_workers(orders, workers, folder))
    finally:
        gateway.stop()
        close_connections()
        shutil.rmtree(folder)
    print(f"\n{'':22}{'orders/s':>10}{'log, bytes an order':>22}{'judged/s':>10}   every drain")
    for name, drained in results.items():
        every = " ".join(f"{rate:.0f}" for rate in drained.rates)
        rate, logged, judged = map(statistics.median, (drained.rates, drained.logged, drained.judged))
        print(f"{name:22}{rate:10.0f}{logged:22,.0f}{judged:10.0f}   {every}")


def _measure(drained: Drained, name: str, share: float, baskets: list[list[UUID]], drain: Callable[[], float]) -> None:
    """Place a backlog, drain it, and note what that came to."""
    place_orders(baskets)
    with connections["orders"].cursor() as cursor:
        cursor.execute(f"DROP INDEX IF EXISTS {INDEX}" if name == "without the index" else CREATE)
        cursor.execute("VACUUM ANALYZE saga_transactions")
        cursor.execute("SELECT pg_current_wal_lsn()")
        (before,) = cursor.fetchone()
        auditor = Auditor(share)
        drained.rates.append(auditor.beside(drain))
        cursor.execute("SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), %s)", [before])
        drained.logged.append(float(cursor.fetchone()[0]) / len(baskets))
    for alias in ALIASES:
        # Nobody relays events here, and the auditor would ring for those that wait.
        with connections[alias].cursor() as cursor:
            cursor.execute("UPDATE outbox_events SET published_at = now() WHERE published_at IS NULL")
    drained.judged.append(max(auditor.judged.values(), default=0) / (auditor.seconds or 1.0) if share else 0.0)
