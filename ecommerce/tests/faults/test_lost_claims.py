"""
The orders server crashes before it has written a claim's commit to disk: the claim is lost, its worker knows nothing.

A claim does not wait for the disk; that saves a commit a batch, and this is the price.
"""

import time

import pytest

from apps.core.pools import close_connections
from ecommerce.testing.accounts import accounts_of
from ecommerce.testing.books import fetch, recover
from ecommerce.testing.orders import place_orders
from ecommerce.testing.scores import SCORES, Score
from ecommerce.testing.shop import make_variants
from ecommerce.testing.witnesses import promises_broken_in
from ecommerce.tests.crashes.dying import Child, End, forked, work

pytestmark = pytest.mark.chaos


@pytest.fixture
def lazy_orders(own):
    """The orders server, which writes down what it need not write at once only every ten seconds; reached directly."""
    orders = own["orders"]
    orders.command("ALTER SYSTEM SET wal_writer_delay = '10s'")
    orders.command("SELECT pg_reload_conf()")
    orders.proxy.refuse()
    yield orders
    orders.proxy.mend()
    orders.command("ALTER SYSTEM RESET wal_writer_delay")
    orders.command("SELECT pg_reload_conf()")


def lease_and_attempt(order_id: object) -> tuple[object, int]:
    ((lease, attempt),) = fetch("orders", "SELECT lease, attempt FROM saga_transactions WHERE order_id = %s", order_id)
    return lease, attempt


@pytest.mark.timeout(120)
class TestAClaimWhoseCommitIsLost:
    def test_is_made_again_and_nothing_is_done_twice(self, floor, lazy_orders, capsys):
        time.sleep(0.5)
        (order_id,) = place_orders([make_variants(stock=5, variants=2)])
        worker: Child = forked(work, point="after_claim", action="stop")
        try:
            assert worker.end() is End.STOPPED
            claimed = lease_and_attempt(order_id)
            close_connections()
            lazy_orders.kill()
            lazy_orders.start()
            after = lease_and_attempt(order_id)
            # It works on what nobody knows it has: the catalogue's part is done, its settle finds the line dead.
            assert worker.thaw() is End.FAILED
        finally:
            worker.kill()
        lazy_orders.proxy.mend()
        recover([order_id])

        (account,) = accounts_of([order_id], floor.stack)
        lost, doubled = list(account.lost()), list(account.doubled())
        SCORES.append(
            Score(
                what="orders: crashed with a claim unwritten",
                faults={"server crashed": 1},
                placed=1,
                lost=len(lost),
                doubled=len(doubled),
            )
        )
        with capsys.disabled():
            print(f"\nlease and attempt: {claimed} before the crash, {after} after it")
        assert claimed[0] is not None
        assert after == (None, 0)
        assert (account.status, lost, doubled) == ("confirmed", [], [])
        assert promises_broken_in(floor.stack, [order_id]) == []
