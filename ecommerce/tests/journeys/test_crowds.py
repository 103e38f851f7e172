"""Many buyers at once: nobody gets what is not there, and nobody waits in vain."""

from collections import Counter
from functools import partial

import pytest

from apps.core.testing.threads import at_once
from apps.core.testing.waiting import eventually
from ecommerce.testing.books import charges_of, fetch, ledger_of, sold_of, stock_of, unfinished
from ecommerce.testing.customer import Answer, Customer, carts
from ecommerce.testing.shop import make_variants
from ecommerce.testing.stack import ALIASES

pytestmark = pytest.mark.committed(databases=ALIASES)


def check_outs(buyers: list[tuple[Customer, str]]) -> list[Answer]:
    """Have all of them order at the same time, and wait for the end."""
    return at_once(*[partial(guest.check_out, cart_id, wait_seconds=30) for guest, cart_id in buyers])


def outcomes(answers: list[Answer]) -> Counter[str]:
    """Count the ends: `confirmed`, or the word for why not."""
    return Counter(
        answer.body["code"] if answer.status == 409 else answer.body["failure_code"] or answer.body["status"]
        for answer in answers
    )


class TestTheLastUnit:
    def test_goes_to_one_of_200_buyers_and_nobody_else_is_charged(self, stack):
        (variant_id,) = make_variants(stock=1)
        buyers = carts(stack, 200, variant_id)

        answers = check_outs(buyers)
        eventually(lambda: unfinished() == 0, seconds=30, what="every saga's end")

        placed = [answer.body["id"] for answer in answers if answer.status != 409]
        statuses = Counter(
            status for (status,) in fetch("orders", "SELECT status FROM orders WHERE id = ANY(%s::uuid[])", placed)
        )
        refused = [answer.body["code"] for answer in answers if answer.status == 409]
        codes = fetch(
            "orders", "SELECT failure_code FROM orders WHERE id = ANY(%s::uuid[]) AND status = 'failed'", placed
        )
        assert statuses["confirmed"] == 1
        assert len(refused) + statuses["failed"] == 199
        assert {*refused, *(code for (code,) in codes)} == {"insufficient_stock"}
        assert (stock_of(variant_id), sold_of(variant_id)) == ((0, 0), 1)
        charged = [order_id for order_id in placed if ledger_of(order_id)]
        assert len(charged) == 1
        assert sum(charge["state"] == "succeeded" for order in placed for charge in charges_of(stack, order)) == 1


class TestScarceStock:
    def test_makes_10_orders_of_40_carts_for_10_units(self, stack):
        (variant_id,) = make_variants(stock=10)
        buyers = carts(stack, 40, variant_id)

        answers = check_outs(buyers)

        assert outcomes(answers) == {"confirmed": 10, "insufficient_stock": 30}
        eventually(lambda: unfinished() == 0, seconds=30, what="every saga's end")
        assert (stock_of(variant_id), sold_of(variant_id)) == ((0, 0), 10)


class TestAmpleStock:
    def test_makes_16_orders_of_16_carts_with_the_same_two_variants(self, stack):
        variants = make_variants(stock=100, variants=2)
        buyers = carts(stack, 16, *variants)

        answers = check_outs(buyers)

        assert outcomes(answers) == {"confirmed": 16}
        eventually(lambda: unfinished() == 0, seconds=30, what="every saga's end")
        assert [stock_of(variant) for variant in variants] == [(84, 0), (84, 0)]
