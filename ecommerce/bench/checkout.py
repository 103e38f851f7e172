"""
How long one buyer waits on an idle shop, from the checkout to the confirmed order.

Beside it, from the same run: the same checkout answered at once (202), and the web process's empty request. What lies
between is the order's travel through five databases, Celery and the gateway.
"""

import shutil
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from django.core.management import call_command

from apps.core.pools import close_connections
from ecommerce.testing.customer import Customer
from ecommerce.testing.shop import make_variants
from ecommerce.testing.stack import Stack


def run(*, orders: int) -> None:
    """Print medians and tails in milliseconds."""
    folder = Path(tempfile.mkdtemp(prefix="bench-"))
    call_command("migrate", verbosity=0)
    (variant_id,) = make_variants(stock=10 * orders)
    close_connections()
    stack = Stack(folder)
    try:
        stack.start()
        guest = Customer(stack)
        waited = [_timed(_checkout(stack, str(variant_id), wait_seconds=10)) for _ in range(orders)]
        at_once = [_timed(_checkout(stack, str(variant_id), wait_seconds=None)) for _ in range(orders)]
        empty = [_timed(lambda: guest.ask("GET", "/health/live")) for _ in range(orders)]
    finally:
        stack.stop()
        shutil.rmtree(folder)
    for name, seconds in (("checkout to confirmed", waited), ("checkout, 202", at_once), ("empty request", empty)):
        tail = sorted(seconds)[int(len(seconds) * 0.95)]
        print(f"{name:24} median {1000 * statistics.median(seconds):7.1f} ms   p95 {1000 * tail:7.1f} ms")


def _checkout(stack: Stack, variant_id: str, *, wait_seconds: int | None) -> Callable[[], object]:
    """Fill a cart, and return its checkout."""
    guest = Customer(stack)
    cart_id = guest.fill_cart(variant_id)

    def check_out() -> None:
        answer = guest.check_out(cart_id, wait_seconds=wait_seconds)
        assert wait_seconds is None or answer.expect(200)["status"] == "confirmed"

    return check_out


def _timed(act: Callable[[], object]) -> float:
    started = time.perf_counter()
    act()
    return time.perf_counter() - started
