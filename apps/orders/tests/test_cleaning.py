"""What goes by itself."""

from datetime import timedelta

import pytest

from apps.core import clock
from apps.core.ids import new_id
from apps.orders import tasks
from apps.orders.models import CartLineItem, IdempotencyRecord, Order, ShoppingCart

from .factories import CartFactory, CartLineFactory, OrderFactory

pytestmark = pytest.mark.django_db(databases=["orders"])

A_MINUTE = timedelta(minutes=1)


def kept_answer(key: str, expires_in: timedelta) -> None:
    IdempotencyRecord.objects.using("orders").create(
        scope="place_order:ada",
        key=key,
        request_hash=b"",
        status=202,
        headers={},
        body=b"{}",
        expires_at=clock.now() + expires_in,
    )


class TestDeleteExpired:
    def test_deletes_carts_and_answers_past_their_time_and_leaves_orders(self):
        expired = CartLineFactory(cart__expires_at=clock.now() - A_MINUTE)
        ordered = CartFactory(expires_at=clock.now() - A_MINUTE, completed_at=clock.now() - A_MINUTE, order_id=new_id())
        order, fresh = OrderFactory(cart_id=ordered.id), CartFactory()
        kept_answer("old", -A_MINUTE)
        kept_answer("new", A_MINUTE)

        tasks.delete_expired()

        assert list(ShoppingCart.objects.using("orders").all()) == [fresh]
        assert not CartLineItem.objects.using("orders").filter(id=expired.id).exists()
        assert list(Order.objects.using("orders").all()) == [order]
        assert list(IdempotencyRecord.objects.using("orders").values_list("key", flat=True)) == ["new"]
