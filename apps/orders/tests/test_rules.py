"""What the database itself keeps true."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connections, transaction

from apps.core.ids import new_id
from apps.core.integrity import broken_constraint
from apps.orders.models import CartLineItem, OrderEvent, OrderLineItem, ShoppingCart

from .factories import CartFactory, CartLineFactory, OrderFactory, OrderLineFactory

pytestmark = pytest.mark.django_db(databases=["orders"])


def breaks(constraint: str, factory: type, **columns: object) -> None:
    """Write a row that breaks exactly this constraint."""
    with pytest.raises(IntegrityError) as refused, transaction.atomic(using="orders"):
        factory(**columns)
    assert broken_constraint(refused.value) == constraint


def fetch(sql: str) -> list[tuple]:
    with connections["orders"].cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


class TestOrders:
    @pytest.mark.parametrize(
        ("constraint", "columns"),
        [
            ("order_total_is_the_sum_of_its_parts", {"total_price": Decimal("53.94")}),
            ("order_total_is_the_sum_of_its_parts", {"total_tax": Decimal("1.00")}),
            ("order_amounts_are_not_negative", {"shipping_price": Decimal("-4.95"), "total_price": Decimal("44.05")}),
            ("order_status_is_known", {"status": "shipping"}),
            ("order_financial_status_is_known", {"financial_status": "charged"}),
            ("order_fulfillment_status_is_known", {"fulfillment_status": "lost"}),
            ("order_source_is_known", {"source": "fax"}),
            ("order_currency_is_iso_4217", {"currency": "usd"}),
            ("failed_order_says_why", {"status": "failed"}),
        ],
    )
    def test_refuse_a_row_that_cannot_be(self, constraint, columns):
        breaks(constraint, OrderFactory, **columns)

    def test_come_from_a_cart_once(self):
        cart_id = new_id()
        OrderFactory(cart_id=cart_id)

        breaks("one_order_a_cart", OrderFactory, cart_id=cart_id)

    def test_never_share_a_number(self):
        OrderFactory(order_number="ORD-7")

        breaks("orders_order_number_key", OrderFactory, order_number="ORD-7")

    def test_delete_their_parts_with_them_in_plain_sql(self):
        line = OrderLineFactory()
        OrderEvent.objects.using("orders").create(order=line.order, event_type="created")

        fetch(f"DELETE FROM orders WHERE id = '{line.order_id}' RETURNING id")

        assert not OrderLineItem.objects.using("orders").filter(id=line.id).exists()
        assert not OrderEvent.objects.using("orders").filter(order_id=line.order_id).exists()

    def test_have_no_parts_of_an_order_that_does_not_exist(self):
        breaks("order_line_items_order_id_fkey", OrderLineFactory, order_id=new_id(), order=None)


class TestOrderLines:
    @pytest.mark.parametrize(
        ("constraint", "columns"),
        [
            ("order_line_quantity_is_positive", {"quantity": 0}),
            ("order_line_amounts_are_not_negative", {"price": Decimal("-0.01")}),
            ("order_line_fulfillment_status_is_known", {"fulfillment_status": "lost"}),
        ],
    )
    def test_refuse_a_row_that_cannot_be(self, constraint, columns):
        breaks(constraint, OrderLineFactory, **columns)


class TestCarts:
    @pytest.mark.parametrize(
        ("constraint", "columns"),
        [
            ("cart_subtotal_is_not_negative", {"subtotal_price": Decimal("-0.01")}),
            ("cart_total_is_not_negative", {"total_price": Decimal("-0.01")}),
            ("cart_currency_is_iso_4217", {"currency": "US"}),
            ("completed_cart_names_its_order", {"order_id": new_id()}),
        ],
    )
    def test_refuse_a_row_that_cannot_be(self, constraint, columns):
        breaks(constraint, CartFactory, **columns)

    def test_live_thirty_days_by_default(self):
        cart = ShoppingCart.objects.using("orders").get(id=CartFactory().id)

        assert cart.expires_at - cart.created_at == timedelta(days=30)

    def test_hold_a_variant_in_one_line(self):
        line = CartLineFactory()

        breaks("one_cart_line_a_variant", CartLineFactory, cart=line.cart, variant_id=line.variant_id)

    @pytest.mark.parametrize(
        ("constraint", "columns"),
        [
            ("cart_line_quantity_is_positive", {"quantity": 0}),
            ("cart_line_price_is_not_negative", {"price": Decimal("-0.01")}),
        ],
    )
    def test_refuse_a_line_that_cannot_be(self, constraint, columns):
        breaks(constraint, CartLineFactory, **columns)

    def test_delete_their_lines_with_them_in_plain_sql(self):
        line = CartLineFactory()

        fetch(f"DELETE FROM shopping_carts WHERE id = '{line.cart_id}' RETURNING id")

        assert not CartLineItem.objects.using("orders").filter(id=line.id).exists()


class TestOrderNumbers:
    def test_come_from_a_sequence(self):
        ((before,),) = fetch("SELECT generate_order_number()")

        order = OrderFactory(order_number="")

        order.refresh_from_db(using="orders")
        assert order.order_number == f"ORD-{int(before.removeprefix('ORD-')) + 1}"

    def test_given_by_hand_are_kept(self):
        order = OrderFactory(order_number="WEB-1")

        order.refresh_from_db(using="orders")
        assert order.order_number == "WEB-1"


class TestUpdatedAt:
    @pytest.mark.parametrize(
        ("factory", "change"),
        [
            (OrderFactory, {"notes": "Ring twice"}),
            (CartFactory, {"email": "a@b.example"}),
            (CartLineFactory, {"quantity": 2}),
        ],
    )
    def test_moves_with_every_change(self, factory, change):
        row = factory()
        rows = type(row).objects.using("orders").filter(id=row.id)
        rows.update(updated_at="2026-01-01T00:00Z", **change)

        row.refresh_from_db(using="orders")
        assert row.updated_at == row.created_at
