"""The checkout over HTTP."""

from uuid import UUID, uuid4

import pytest

from apps.accounts import services as accounts
from apps.core.testing.statements import statements
from apps.orders.contracts import ConfirmOrder, RejectOrder
from apps.orders.models import Order
from apps.orders.services import confirm_orders, reject_orders

from .callers import PARTS, SignedIn, customer, guest
from .factories import ADDRESS
from .shop import change, shirt

pytestmark = pytest.mark.django_db(databases=["orders", "catalog"])


def orders_of(cart_id: str) -> int:
    return Order.objects.using("orders").filter(cart_id=cart_id).count()


class TestCheckout:
    def test_accepts_the_order_and_says_where_to_ask(self):
        found = guest(shirt(price="49.90"))

        answer = found.check_out()

        order = answer.json()
        assert answer.status_code == 202
        assert answer["Location"] == f"/api/v1/orders/{order['id']}/"
        assert order["status_url"] == f"/api/v1/orders/{order['id']}/status/"
        assert (order["status"], order["financial_status"]) == ("processing", "pending")
        assert (order["subtotal_price"], order["shipping_price"], order["total_price"]) == ("49.90", "4.95", "54.85")
        assert found.order(order["id"], "status/").json()["status"] == "processing"

    def test_takes_eight_statements(self):
        found = guest(shirt(), shirt())

        with statements(orders=7, catalog=1):
            assert found.check_out().status_code == 202

    def test_shows_the_order_to_who_holds_the_carts_token(self):
        found, stranger = guest(shirt()), guest()
        order_id = found.check_out().json()["id"]

        shown = found.order(order_id).json()

        assert [(line["title"], line["quantity"], line["total"]) for line in shown["lines"]] == [
            ("Linen Shirt", 1, "49.00")
        ]
        assert [event["event_type"] for event in shown["events"]] == ["created"]
        assert shown["shipping_address"] == ADDRESS
        for part in ("", "status/", "events/"):
            assert stranger.order(order_id, part).status_code == 404

    def test_refuses_a_total_that_was_not_expected_and_leaves_the_cart_open(self):
        found = guest(shirt(price="49.90"))

        refused = found.check_out(key=str(uuid4()), expected_total="49.00")

        assert (refused.status_code, refused.json()["code"]) == (409, "price_changed")
        assert (refused.json()["total_price"], refused.json()["expected_total"]) == ("54.85", "49.00")
        assert found.check_out(key=str(uuid4()), expected_total="54.85").status_code == 202

    def test_names_each_wrong_field_and_leaves_the_key_unused(self):
        found, key = guest(shirt()), str(uuid4())

        wrong = found.check_out(
            key=key, email="ada", payment_method="", shipping_address=PARTS | {"postal_code": "12345"}
        )

        assert wrong.status_code == 422
        assert sorted(wrong.json()["errors"]) == ["email", "payment_method", "shipping_address.postal_code"]
        assert found.check_out(key=key).status_code == 202

    def test_asks_for_what_is_missing(self):
        found = guest(shirt())
        path = f"/api/v1/carts/{found.cart_id}/checkout/"

        answer = found.client.post(path, {}, headers=found.headers | {"Idempotency-Key": str(uuid4())})

        assert (answer.status_code, answer.json()["errors"]) == (422, {"payment_method": ["This field is required."]})

    @pytest.mark.parametrize("number", ["4242424242424242", "4242 4242 4242 4242", "4242-4242-4242-4242 "])
    def test_takes_no_card_number(self, number):
        answer = guest(shirt()).check_out(payment_method=number)

        assert (answer.status_code, answer.json()["code"]) == (422, "card_number_given")
        assert answer.json()["errors"] == {
            "payment_method": ["This holds a card number; send the token that the gateway gives for it."]
        }

    def test_needs_an_idempotency_key(self):
        found = guest(shirt())
        path = f"/api/v1/carts/{found.cart_id}/checkout/"

        answer = found.client.post(path, {"payment_method": "test_4242424242424242"}, headers=found.headers)

        assert (answer.status_code, answer.json()["code"]) == (400, "idempotency_key_missing")
        assert orders_of(found.cart_id) == 0

    def test_is_a_404_for_everybody_else(self):
        found, stranger = guest(shirt()), guest()
        stranger.cart_id = found.cart_id

        answer = stranger.check_out()

        assert (answer.status_code, answer.json()["code"]) == (404, "cart_not_found")
        assert orders_of(found.cart_id) == 0

    def test_refuses_an_empty_cart(self):
        assert guest().check_out().json()["code"] == "cart_empty"

    def test_names_the_order_of_a_cart_that_is_ordered_already(self):
        found = guest(shirt())
        order_id = found.check_out().json()["id"]

        again = found.check_out()

        assert (again.status_code, again.json()["code"], again.json()["order_id"]) == (
            409,
            "cart_already_ordered",
            order_id,
        )
        assert orders_of(found.cart_id) == 1

    def test_refuses_changed_prices_and_shows_the_new_ones_in_the_cart(self):
        variant = shirt()
        found, key = guest(variant), str(uuid4())
        change(variant, price="59.00")

        refused, repeated = found.check_out(key=key), found.check_out(key=key)

        (line,) = refused.json()["lines"]
        assert (refused.status_code, refused.json()["code"]) == (409, "price_changed")
        assert refused["Content-Type"] == "application/problem+json"
        assert (line["old_price"], line["new_price"]) == ("49.00", "59.00")
        assert found.cart().json()["total_price"] == "59.00"
        assert (repeated.status_code, repeated["Idempotent-Replayed"]) == (409, "true")
        assert found.check_out().json()["subtotal_price"] == "59.00"

    def test_refuses_what_is_sold_out_by_now(self):
        variant = shirt()
        found = guest(variant)
        change(variant, inventory_quantity=0)

        refused = found.check_out()

        assert (refused.status_code, refused.json()["code"]) == (409, "insufficient_stock")
        assert refused.json()["lines"][0]["available"] == 0
        assert orders_of(found.cart_id) == 0


class TestIdempotencyKey:
    def test_repeated_gets_the_first_answer_again(self):
        found, key = guest(shirt()), str(uuid4())

        first, second = found.check_out(key=key), found.check_out(key=key)

        assert (second.status_code, second.json(), second["Location"]) == (202, first.json(), first["Location"])
        assert ("Idempotent-Replayed" in first, second["Idempotent-Replayed"]) == (False, "true")
        assert orders_of(found.cart_id) == 1

    def test_with_another_request_is_refused(self):
        found, key = guest(shirt()), str(uuid4())
        found.check_out(key=key)

        other = found.check_out(key=key, email="byron@example.com")

        assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")

    def test_of_another_guest_means_nothing(self):
        first, second, key = guest(shirt()), guest(shirt()), str(uuid4())

        assert [found.check_out(key=key).status_code for found in (first, second)] == [202, 202]


class TestPreferWait:
    def test_answers_the_end_of_a_confirmed_order(self):
        found, key = guest(shirt()), str(uuid4())
        order_id = UUID(found.check_out(key=key).json()["id"])
        confirm_orders(commands=[ConfirmOrder(order_id=order_id)])

        waited = found.check_out(key=key, prefer="respond-async, wait=10")

        assert (waited.status_code, waited["Preference-Applied"]) == (200, "wait=10")
        assert (waited.json()["id"], waited.json()["status"]) == (str(order_id), "confirmed")
        assert (waited.json()["financial_status"], waited.json()["total_price"]) == ("paid", "53.95")
        assert waited["Location"] == f"/api/v1/orders/{order_id}/"

    def test_answers_the_end_of_a_failed_order_with_its_reason(self):
        found, key = guest(shirt()), str(uuid4())
        order_id = UUID(found.check_out(key=key).json()["id"])
        reject_orders(commands=[RejectOrder(order_id=order_id, code="payment_declined", reason="Declined.")])

        waited = found.check_out(key=key, prefer="wait=10")

        assert (waited.status_code, waited.json()["status"]) == (200, "failed")
        assert (waited.json()["failure_code"], waited.json()["failure_reason"]) == ("payment_declined", "Declined.")

    def test_answers_202_where_the_end_does_not_come_in_time(self):
        found = guest(shirt())

        waited = found.check_out(prefer="wait=0")

        assert (waited.status_code, waited["Preference-Applied"]) == (202, "wait=0")
        assert waited.json()["status"] == "processing"


@pytest.mark.django_db(databases=["orders", "catalog", "accounts"])
class TestAddressBook:
    def test_serves_a_customers_checkout(self):
        user = SignedIn(pk=register())
        entry = accounts.add_address(user_id=user.pk, parts=PARTS)
        client = customer(user)
        cart_id = client.post("/api/v1/carts/").json()["id"]
        client.post(f"/api/v1/carts/{cart_id}/lines/", {"variant_id": str(shirt().id)})

        def check_out(address_id):
            return client.post(
                f"/api/v1/carts/{cart_id}/checkout/",
                {
                    "email": "ada@example.com",
                    "payment_method": "test_4242424242424242",
                    "shipping_address": {"address_id": str(address_id)},
                },
                headers={"Idempotency-Key": str(uuid4())},
            )

        strange, own = check_out(uuid4()), check_out(entry.id)

        assert strange.json()["errors"] == {"shipping_address.address_id": ["Your address book has no such address."]}
        assert own.status_code == 202
        assert client.get(own["Location"]).json()["shipping_address"] == ADDRESS


def register():
    """The id of a new customer."""
    return accounts.register_customer(
        email=f"{uuid4()}@example.com", password="correct horse battery staple", first_name="Ada", last_name="Lovelace"
    ).id
