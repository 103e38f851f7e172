"""A checkout dies before its commit, or after it and before the ring; the buyer asks again with the same key."""

from dataclasses import dataclass
from uuid import UUID, uuid4

import pytest

from apps.orders.tests.callers import Guest, guest
from apps.sagas.testing import drain
from ecommerce.testing.books import fetch
from ecommerce.testing.shop import make_variants
from ecommerce.testing.stack import ALIASES, LANES

from .dying import End, forked
from .stories import CHECKOUT_POINTS, PAID, check_books

pytestmark = pytest.mark.committed(databases=ALIASES)


@dataclass(frozen=True)
class Variant:
    id: UUID


def orders_of(buyer: Guest) -> list[UUID]:
    return [order_id for (order_id,) in fetch("orders", "SELECT id FROM orders WHERE cart_id = %s", buyer.cart_id)]


def sagas_of(order_ids: list[UUID]) -> list[UUID]:
    return fetch("orders", "SELECT order_id FROM saga_transactions WHERE order_id = ANY(%s)", order_ids)


@pytest.mark.parametrize("action", ["kill", "raise", "drop-connection"])
@pytest.mark.parametrize("point", CHECKOUT_POINTS)
class TestACheckoutThatDies:
    def test_leaves_one_order_for_the_buyer_who_asks_again(self, point, action, gateway, mailbox):
        variants = make_variants(stock=PAID.stock, variants=2)
        buyer, key = guest(*map(Variant, variants)), str(uuid4())

        end = forked(lambda: buyer.check_out(key=key), point=point, action=action).end()
        left = orders_of(buyer)
        again = buyer.check_out(key=key)
        drain(LANES)

        assert (end is End.KILLED) == (action == "kill")
        assert end is not End.MISSED
        # Before the commit nothing exists; after it the order is due, whether or not anybody rang.
        assert len(left) == (0 if point == "before_begin_commit" else 1)
        assert again.status_code == 202
        assert [str(order_id) for order_id in orders_of(buyer)] == [again.json()["id"]]
        assert len(sagas_of(orders_of(buyer))) == 1
        check_books(orders_of(buyer)[0], PAID, variants, gateway, mailbox)

    def test_is_worked_on_by_whoever_looks_without_a_ring(self, point, action, gateway, mailbox):
        variants = make_variants(stock=PAID.stock, variants=2)
        buyer = guest(*map(Variant, variants))
        forked(buyer.check_out, point=point, action=action).end()

        drain(LANES)

        assert [
            status for (status,) in fetch("orders", "SELECT status FROM orders WHERE cart_id = %s", buyer.cart_id)
        ] == ([] if point == "before_begin_commit" else ["confirmed"])
