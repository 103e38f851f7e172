"""Many buyers at once: nobody gets what is not there, and nobody waits in vain."""

import time
from collections import Counter
from functools import partial

import pytest

from apps.catalog.selectors import list_variant_findings
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


def ordered(guest: Customer, variant_id: str) -> Answer:
    """Have a guest put one piece into a cart and order it; the last answer, or the first that refused."""
    cart = guest.ask("POST", "/api/v1/carts/", {"email": guest.email}).expect(201)
    guest.cart_token = cart["token"]
    line = guest.ask("POST", f"/api/v1/carts/{cart['id']}/lines/", {"variant_id": variant_id, "quantity": 1})
    return line if line.status == 409 else guest.check_out(cart["id"])


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


@pytest.mark.chaos
@pytest.mark.timeout(590)
class TestAThousandUnits:
    def test_make_1000_sales_of_2270_orders_of_32_clients(self, stack, capsys):
        (variant_id,) = make_variants(stock=1_000)
        wanted = iter(range(2_270))
        answers: list[Answer] = []

        def shop() -> None:
            for _ in wanted:
                guest = Customer(stack)
                answers.append(ordered(guest, str(variant_id)))

        began = time.monotonic()
        at_once(*(shop for _ in range(32)))
        eventually(lambda: unfinished() == 0, seconds=120, what="every saga's end")
        seconds = time.monotonic() - began

        placed = [answer.body["id"] for answer in answers if answer.status != 409]
        refused = [answer.body["code"] for answer in answers if answer.status == 409]
        ends = Counter(fetch("orders", "SELECT status, failure_code FROM orders WHERE id = ANY(%s::uuid[])", placed))
        with capsys.disabled():
            print(f"\n2,270 orders of 32 clients for 1,000 pieces over HTTP: {seconds:.0f} s, 1,000 sold;")
            print(f"{len(refused)} were refused at the till, {len(placed) - 1_000} in their sagas")
        assert len(answers) == 2_270
        assert ends[("confirmed", None)] == 1_000
        assert len(refused) + ends[("failed", "insufficient_stock")] == 1_270
        assert set(refused) <= {"insufficient_stock"}
        assert (stock_of(variant_id), sold_of(variant_id)) == ((0, 0), 1_000)
        assert list_variant_findings(variant_ids=[variant_id]) == []
        assert sum(len(ledger_of(order_id)) > 0 for order_id in placed) == 1_000


class TestAmpleStock:
    def test_makes_16_orders_of_16_carts_with_the_same_two_variants(self, stack):
        variants = make_variants(stock=100, variants=2)
        buyers = carts(stack, 16, *variants)

        answers = check_outs(buyers)

        assert outcomes(answers) == {"confirmed": 16}
        eventually(lambda: unfinished() == 0, seconds=30, what="every saga's end")
        assert [stock_of(variant) for variant in variants] == [(84, 0), (84, 0)]
