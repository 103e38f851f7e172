"""
What the auditor costs: turns after a backlog was drained, and a full pass over it.

Beside it, from the same run: how long one worker took to carry the same orders.
"""

import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings
from django.core.management import call_command

from apps.core.pools import close_connections
from apps.payments.testing import RunningGateway
from apps.sagas.audit import SUBJECTS
from apps.sagas.audit.turns import Judged, turn, whole
from apps.sagas.testing import drain
from ecommerce.testing.orders import place_orders
from ecommerce.testing.shop import make_variants
from ecommerce.testing.stack import LANES


def run(*, orders: int) -> None:
    """Print rows and milliseconds of turns and of a full pass, by check."""
    folder = Path(tempfile.mkdtemp(prefix="bench-"))
    gateway = RunningGateway(folder / "gateway.sqlite3")
    try:
        call_command("migrate", verbosity=0)
        gateway.start()
        settings.PAYMENT_GATEWAY_URL, settings.AUDIT_LAG_SECONDS = gateway.url, -1.0
        settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
        variants = make_variants(stock=1_000_000, products=50, variants=2)
        place_orders([[variants[n % 100], variants[(n + 1) % 100]] for n in range(orders)])
        began = time.perf_counter()
        drain(LANES)
        print(f"one worker carries {orders} orders: {1000 * (time.perf_counter() - began) / orders:.2f} ms an order")
        for number in range(1, 4):
            began = time.perf_counter()
            judged = turn(seconds=settings.AUDIT_TURN_SECONDS)
            _tell(f"turn {number}", judged, time.perf_counter() - began)
        began = time.perf_counter()
        _tell(
            "full pass", [one for subject in SUBJECTS.values() for one in whole(subject)], time.perf_counter() - began
        )
    finally:
        gateway.stop()
        close_connections()
        shutil.rmtree(folder)


def _tell(what: str, judged: Iterable[Judged], seconds: float) -> None:
    rows: Counter[str] = Counter()
    costs: Counter[str] = Counter()
    for one in judged:
        assert not one.findings, one
        rows[one.check] += one.rows
        costs[one.check] += round(one.seconds * 1e6)
    print(f"\n{what}: {sum(rows.values())} rows judged in {1000 * seconds:.0f} ms, loading included")
    for check, cost in costs.most_common():
        if rows[check]:
            print(f"  {check:40} {rows[check]:8} rows {cost / 1000:8.1f} ms {cost / rows[check] / 1000:8.3f} ms a row")
