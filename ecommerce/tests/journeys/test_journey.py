"""From a merchant's file to a confirmed order, over HTTP, with real workers and five databases."""

from decimal import Decimal

import pytest
from django.core.management import call_command

from apps.core.testing.shared import shared
from apps.core.testing.waiting import eventually
from apps.sagas.selectors import get_saga
from apps.sagas.testing import broken_histories
from ecommerce.testing.books import charges_of, fetch, ledger_of, saga_status, sold_of, stock_of
from ecommerce.testing.customer import DECLINED, Customer
from ecommerce.testing.shop import PRICE, make_variants
from ecommerce.testing.stack import ALIASES, Stack

pytestmark = pytest.mark.committed(databases=ALIASES)


def mails_about(stack: Stack, order_number: str) -> list[str]:
    return [mail for mail in stack.mails if order_number in mail]


class TestBuying:
    def test_goes_from_a_merchants_file_to_a_confirmed_order(self, stack):
        call_command("import_products", str(shared("shopify_csv/partners_apparel.csv")), verbosity=0)
        customer = Customer(stack).sign_up()
        product = customer.ask("GET", "/api/v1/products/ocean-blue-shirt/").expect(200)
        variant_id = product["variants"][0]["id"]
        before = stock_of(variant_id)

        cart_id = customer.fill_cart(variant_id)
        order = customer.check_out(cart_id, wait_seconds=20).expect(200)
        eventually(lambda: saga_status(order["id"]) == "completed", what="the saga's end")

        assert order["status"] == "confirmed"
        assert order["financial_status"] == "paid"
        assert stock_of(variant_id) == (before[0] - 1, 0)
        assert sold_of(variant_id) == 1
        total = Decimal(order["total_price"])
        assert ledger_of(order["id"]) == [("capture", total)]
        assert [charge["state"] for charge in charges_of(stack, order["id"])] == ["succeeded"]
        assert len(mails_about(stack, order["order_number"])) == 1
        assert [step.status for step in get_saga(order["id"]).steps] == ["completed"] * 7
        assert broken_histories(order["id"]) == []

    def test_ends_with_nothing_held_and_nothing_charged_when_the_card_is_declined(self, stack):
        (variant_id,) = make_variants(stock=5)
        customer = Customer(stack)

        order = customer.check_out(customer.fill_cart(str(variant_id)), card=DECLINED, wait_seconds=20).expect(200)
        eventually(lambda: saga_status(order["id"]) == "failed", what="the saga's end")

        assert order["status"] == "failed"
        assert order["failure_code"] == "payment_declined"
        assert stock_of(variant_id) == (5, 0)
        assert sold_of(variant_id) == 0
        assert ledger_of(order["id"]) == []
        assert "succeeded" not in [charge["state"] for charge in charges_of(stack, order["id"])]
        assert mails_about(stack, order["order_number"]) == []
        assert broken_histories(order["id"]) == []

    def test_tells_the_new_price_when_it_changed_since(self, stack):
        (variant_id,) = make_variants(stock=5)
        customer = Customer(stack)
        cart_id = customer.fill_cart(str(variant_id))
        fetch("catalog", "UPDATE product_variants SET price = 35.00 WHERE id = %s RETURNING 1", variant_id)

        refusal = customer.check_out(cart_id).expect(409)

        assert refusal["code"] == "price_changed"
        assert [(line["old_price"], line["new_price"]) for line in refusal["lines"]] == [(str(PRICE), "35.00")]
        customer.check_out(cart_id, wait_seconds=20).expect(200)

    def test_answers_the_same_order_to_the_same_key(self, stack):
        (variant_id,) = make_variants(stock=5)
        customer = Customer(stack)
        cart_id = customer.fill_cart(str(variant_id))

        first = customer.check_out(cart_id, key="one", wait_seconds=20).expect(200)
        again = customer.check_out(cart_id, key="one", wait_seconds=20)

        assert again.expect(200)["id"] == first["id"]
        assert again.headers["Idempotent-Replayed"] == "true"
        eventually(lambda: saga_status(first["id"]) == "completed", what="the saga's end")
        assert stock_of(variant_id) == (4, 0)
