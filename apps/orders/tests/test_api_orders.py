"""Orders over HTTP."""

import json

import pytest
from rest_framework.test import APIClient

from apps.core.ids import new_id
from apps.core.testing.statements import statements

from .callers import SignedIn, customer
from .factories import OrderFactory, OrderLineFactory

pytestmark = pytest.mark.django_db(databases=["orders"])


class TestOrders:
    def test_lists_ones_own_newest_first_a_page_at_a_time(self):
        user = SignedIn()
        oldest, middle, newest = (OrderFactory(user_id=user.pk) for _ in range(3))
        OrderFactory()

        with statements(orders=1):
            first = customer(user).get("/api/v1/orders/?limit=2").json()
        second = customer(user).get(first["next"]).json()

        assert [order["id"] for order in first["results"]] == [str(newest.id), str(middle.id)]
        assert [order["id"] for order in second["results"]] == [str(oldest.id)]
        assert first["results"][0]["total_price"] == "53.95"

    def test_needs_a_login(self):
        assert APIClient().get("/api/v1/orders/").status_code == 401


class TestOrder:
    def test_shows_lines_and_amounts(self):
        user = SignedIn()
        line = OrderLineFactory(order__user_id=user.pk)

        with statements(orders=3):
            answer = customer(user).get(f"/api/v1/orders/{line.order_id}/")

        assert answer.status_code == 200
        assert answer.json()["lines"] == [
            {
                "id": str(line.id),
                "product_id": str(line.product_id),
                "variant_id": str(line.variant_id),
                "title": "Linen Shirt",
                "variant_title": None,
                "sku": None,
                "quantity": 1,
                "price": "49.00",
                "total_discount": "0.00",
                "total": "49.00",
                "fulfillment_status": "unfulfilled",
                "returnable_quantity": 1,
            }
        ]

    @pytest.mark.parametrize("part", ["", "status/", "events/"])
    def test_of_somebody_else_is_a_404(self, part):
        order = OrderFactory()

        for client in (APIClient(), customer()):
            answer = client.get(f"/api/v1/orders/{order.id}/{part}")
            assert (answer.status_code, answer.json()["code"]) == (404, "order_not_found")

    def test_that_does_not_exist_is_a_404(self):
        assert customer().get(f"/api/v1/orders/{new_id()}/").status_code == 404


class TestOrderStatus:
    def test_is_one_statement(self):
        user = SignedIn()
        order = OrderFactory(
            user_id=user.pk, status="failed", failure_code="payment_declined", failure_reason="Declined."
        )

        with statements(orders=1):
            answer = customer(user).get(f"/api/v1/orders/{order.id}/status/")

        order.refresh_from_db(using="orders")
        assert answer.json() == {
            "id": str(order.id),
            "order_number": order.order_number,
            "status": "failed",
            "financial_status": "pending",
            "fulfillment_status": "unfulfilled",
            "failure_code": "payment_declined",
            "failure_reason": "Declined.",
            "updated_at": answer.json()["updated_at"],
        }

    def test_waits_for_no_order_that_has_ended(self):
        user = SignedIn()
        order = OrderFactory(user_id=user.pk, status="confirmed")

        answer = customer(user).get(f"/api/v1/orders/{order.id}/status/", headers={"Prefer": "wait=30"})

        assert (answer.json()["status"], answer["Preference-Applied"]) == ("confirmed", "wait=30")


class TestOrderEvents:
    def test_tells_the_status_and_ends_with_the_order(self):
        user = SignedIn()
        order = OrderFactory(user_id=user.pk, status="confirmed")

        answer = customer(user).get(f"/api/v1/orders/{order.id}/events/")

        retry, told = b"".join(answer.streaming_content).decode().strip().split("\n\n")
        event, data = told.split("\n")
        assert answer["Content-Type"] == "text/event-stream"
        assert (retry, event) == ("retry: 1000", "event: status")
        assert json.loads(data.removeprefix("data: "))["status"] == "confirmed"
