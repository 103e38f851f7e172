"""Processes die in mid-flight; orders do not."""

from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
import urllib3

from apps.core.testing.waiting import eventually
from apps.sagas.testing import broken_histories
from ecommerce.testing.books import (
    charges_of,
    fetch,
    ledger_of,
    let_leases_pass,
    saga_status,
    sold_of,
    stock_of,
    unfinished,
)
from ecommerce.testing.customer import APPROVED, Answer, Customer, carts
from ecommerce.testing.shop import make_variants
from ecommerce.testing.stack import ALIASES
from ecommerce.testing.witnesses import promises_broken_in

pytestmark = pytest.mark.committed(databases=ALIASES)

# The gateway answers this card after two seconds: the worker is in the middle of it when it dies.
SLOW = "test_4000000000007002"


class TestKillingEveryWorker:
    def test_leaves_an_order_that_completes_after_the_restart_with_nothing_twice(self, stack):
        (variant_id,) = make_variants(stock=5)
        customer = Customer(stack)
        order = customer.check_out(customer.fill_cart(str(variant_id)), card=SLOW).expect(202)
        eventually(lambda: charges_of(stack, order["id"]), seconds=10, what="the charge at the gateway")

        stack.worker.kill()
        assert customer.order_status(order["id"])["status"] == "processing"
        stack.start_worker()
        let_leases_pass()

        eventually(lambda: saga_status(order["id"]) == "completed", seconds=30, what="the saga's end")
        assert customer.order_status(order["id"])["status"] == "confirmed"
        assert [charge["state"] for charge in charges_of(stack, order["id"])] == ["succeeded"]
        assert len(ledger_of(order["id"])) == 1
        assert (stock_of(variant_id), sold_of(variant_id)) == ((4, 0), 1)
        assert len([mail for mail in stack.mails if order["order_number"] in mail]) == 1
        assert broken_histories(order["id"]) == []
        assert promises_broken_in(stack, [UUID(order["id"])]) == []


class TestKillingWebAndWorkers:
    def test_leaves_no_orphan_and_a_retry_gives_exactly_16_orders(self, stack):
        others = orphans()
        (variant_id,) = make_variants(stock=100)
        buyers = carts(stack, 16, variant_id)

        def check_out(i: int) -> Answer | None:
            guest, cart_id = buyers[i]
            try:
                return guest.check_out(cart_id, card=APPROVED, key=f"kill-{i}", wait_seconds=20)
            except urllib3.exceptions.HTTPError:
                return None

        with ThreadPoolExecutor(17) as pool:
            attempts = [pool.submit(check_out, i) for i in range(16)]
            eventually(lambda: orders_of(buyers) >= 4, seconds=10, what="some orders")
            stack.web.kill()
            stack.worker.kill()
            lost = [attempt.result() for attempt in attempts].count(None)
        assert lost > 0
        stack.start_web()
        stack.start_worker()
        let_leases_pass()

        again = [check_out(i) for i in range(16)]

        assert [answer.expect(200)["status"] for answer in again if answer] == ["confirmed"] * 16
        eventually(lambda: unfinished() == 0, seconds=30, what="every saga's end")
        assert orders_of(buyers) == 16
        assert (stock_of(variant_id), sold_of(variant_id)) == ((84, 0), 16)
        order_ids = [answer.body["id"] for answer in again if answer]
        assert all(len(ledger_of(order_id)) == 1 for order_id in order_ids)
        assert all(len(charges_of(stack, order_id)) == 1 for order_id in order_ids)
        assert orphans() - others == set()
        assert promises_broken_in(stack, [UUID(order_id) for order_id in order_ids]) == []


def orders_of(buyers: list[tuple[Customer, str]]) -> int:
    """Return how many orders came of these carts."""
    cart_ids = [cart_id for _, cart_id in buyers]
    return int(fetch("orders", "SELECT count(*) FROM orders WHERE cart_id = ANY(%s::uuid[])", cart_ids)[0][0])


def orphans() -> set[object]:
    """Return the orders without a saga, living or archived."""
    found = fetch(
        "orders",
        "SELECT o.id FROM orders o"
        " WHERE NOT EXISTS (SELECT 1 FROM saga_transactions s WHERE s.order_id = o.id)"
        " AND NOT EXISTS (SELECT 1 FROM saga_subjects s WHERE s.subject_id = o.id)",
    )
    return {order_id for (order_id,) in found}
