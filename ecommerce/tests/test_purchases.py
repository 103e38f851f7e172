"""What customers buy makes their reviews verified; what comes back whole does so no more."""

import json
from datetime import UTC, datetime
from io import StringIO
from typing import Any
from uuid import UUID

import pytest
from django.core.management import call_command

from apps.catalog.models import ProductPurchase, ProductReview
from apps.catalog.tests.factories import ProductFactory, ReviewFactory
from apps.core.ids import new_id
from apps.orders.contracts import OrderConfirmed, OrderReturned
from apps.orders.models import Order, OrderReturn, OutboxEvent
from apps.orders.services import tell_all_purchases
from apps.orders.tests.factories import OrderFactory, OrderLineFactory, ReturnFactory, ReturnLineFactory
from apps.sagas.messages import Event
from apps.sagas.outbox import publish
from apps.sagas.relay import relay
from ecommerce.celery import app

pytestmark = pytest.mark.django_db(databases=["catalog", "orders"])


@pytest.fixture(autouse=True)
def worker() -> None:
    """What a worker loads."""
    app.loader.import_default_modules()


@pytest.fixture
def review() -> ProductReview:
    """Written before the customer bought."""
    return ReviewFactory.create(product=ProductFactory.create())


def bought(
    review: ProductReview, *, quantity: int = 2, user_id: UUID | None = None, status: str = "confirmed"
) -> Order:
    order = OrderFactory.create(user_id=user_id or review.user_id, status=status, financial_status="paid")
    OrderLineFactory.create(order=order, product_id=review.product_id, quantity=quantity)
    tell(OrderConfirmed(order_id=order.id, order_number=order.order_number or "1"))
    return order


def came_back(order: Order, *, quantity: int) -> None:
    now = datetime.now(UTC)
    given_back = ReturnFactory.create(
        order=order,
        status=OrderReturn.Status.RECEIVED,
        received_at=now,
        receipt_id=new_id(),
        goods_amount=1,
        shipping_amount=0,
        refund_amount=1,
    )
    ReturnLineFactory.create(
        order_return=given_back,
        line=order.lines.using("orders").get(),
        quantity=quantity,
        received_quantity=quantity,
        refund_amount=1,
    )
    tell(OrderReturned(order_id=order.id, return_id=given_back.id, return_number="1", all_returned=quantity == 2))


def tell(event: Event) -> None:
    publish([event], using="orders")
    relay("orders")
    assert not OutboxEvent.objects.filter(published_at=None).exists()


def is_verified(review: ProductReview) -> bool:
    return ProductReview.objects.get(id=review.id).is_verified_purchase


class TestNoteWhatWasBought:
    def test_verifies_the_review_of_who_bought_it(self, review: ProductReview) -> None:
        bought(review)

        assert is_verified(review)

    def test_notes_once_what_is_told_twice(self, review: ProductReview) -> None:
        bought(review)
        OutboxEvent.objects.update(published_at=None)

        relay("orders")

        assert ProductPurchase.objects.count() == 1

    @pytest.mark.parametrize(("quantity", "stays"), [(1, True), (2, False)])
    def test_takes_it_back_when_all_pieces_came_back(self, review: ProductReview, quantity: int, stays: bool) -> None:
        order = bought(review)

        came_back(order, quantity=quantity)

        assert is_verified(review) is stays

    @pytest.mark.parametrize("other", [{"user_id": new_id()}, {"status": "processing"}])
    def test_says_nothing_of_what_others_bought_or_of_what_is_not_paid(
        self, review: ProductReview, other: dict[str, Any]
    ) -> None:
        bought(review, **other)

        assert not is_verified(review)


class TestTellPurchases:
    def test_tells_of_all_confirmed_orders_in_batches(self, review: ProductReview) -> None:
        for _ in range(3):
            order = OrderFactory.create(user_id=review.user_id, status="confirmed", financial_status="paid")
            OrderLineFactory.create(order=order, product_id=review.product_id)
        OrderFactory.create(user_id=review.user_id)

        assert tell_all_purchases(batch=2) == (3, 1)

        assert is_verified(review)
        assert ProductPurchase.objects.count() == 3

    def test_says_what_it_did(self, review: ProductReview) -> None:
        bought(review)
        ProductPurchase.objects.all().delete()
        out = StringIO()

        call_command("tell_purchases", "--json", stdout=out)

        assert json.loads(out.getvalue()) == {"orders": 1, "reviews": 0}
        assert ProductPurchase.objects.count() == 1
