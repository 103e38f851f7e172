"""Reads of carts and orders."""

import pytest

from apps.core.ids import new_id
from apps.core.testing.statements import statements
from apps.orders import selectors
from apps.orders.buyers import Buyer, hashed

from .factories import CartFactory, CartLineFactory, OrderFactory, OrderLineFactory
from .shop import guest_cart, order, shirt

pytestmark = pytest.mark.django_db(databases=["orders", "catalog"])


class TestGetCart:
    def test_reads_cart_and_lines_in_one_statement(self):
        cart = CartFactory()
        lines = CartLineFactory.create_batch(3, cart=cart)

        with statements(orders=1):
            found = selectors.get_cart(cart_id=cart.id, buyer=Buyer(user_id=cart.user_id))

        assert (found.cart, found.lines) == (cart, lines)
        assert found.lines[0].currency == "USD"

    def test_reads_an_empty_cart(self):
        cart = CartFactory()

        found = selectors.get_cart(cart_id=cart.id, buyer=Buyer(user_id=cart.user_id))

        assert (found.cart, found.lines) == (cart, [])

    def test_shows_nobody_elses(self):
        customers, guests = CartFactory(), CartFactory(user_id=None, session_id=hashed("secret").hex())

        for stranger in (Buyer(), Buyer(user_id=new_id()), Buyer(token="guessed")):
            for cart in (customers, guests):
                with pytest.raises(selectors.CartNotFound):
                    selectors.get_cart(cart_id=cart.id, buyer=stranger)


class TestListCarts:
    def test_lists_a_customers_open_carts_newest_first(self):
        user_id = new_id()
        older, newer = CartFactory(user_id=user_id), CartFactory(user_id=user_id)
        CartFactory(user_id=user_id, completed_at="2026-03-02T09:30Z", order_id=new_id())
        CartFactory()

        assert list(selectors.list_carts(user_id=user_id)) == [newer, older]


class TestGetOrder:
    def test_reads_lines_and_history_in_three_statements(self):
        placed = order(guest_cart((shirt(), 1), (shirt(), 2)))
        user_id = new_id()
        type(placed).objects.using("orders").filter(id=placed.id).update(user_id=user_id)

        with statements(orders=3):
            found = selectors.get_order(order_id=placed.id, buyer=Buyer(user_id=user_id))
            seen = [line.quantity for line in found.lines.all()], [event.event_type for event in found.events.all()]

        assert seen == ([1, 2], ["created"])

    def test_shows_nobody_elses(self):
        customers = OrderFactory()
        guests = OrderFactory(user_id=None, access_token_hash=hashed("secret"))

        for stranger in (Buyer(), Buyer(user_id=new_id()), Buyer(token="guessed")):
            for one in (customers, guests):
                with pytest.raises(selectors.OrderNotFound):
                    selectors.get_order(order_id=one.id, buyer=stranger)
                with pytest.raises(selectors.OrderNotFound):
                    selectors.get_order_status(order_id=one.id, buyer=stranger)


class TestGetOrderStatus:
    def test_reads_one_row(self):
        failed = OrderFactory(status="failed", failure_code="payment_declined", failure_reason="Declined.")

        with statements(orders=1):
            status = selectors.get_order_status(order_id=failed.id, buyer=Buyer(user_id=failed.user_id))

        assert (status.status, status.failure_code, status.failure_reason) == (
            "failed",
            "payment_declined",
            "Declined.",
        )
        assert not status.is_under_way


class TestListOrders:
    def test_lists_a_customers_orders_newest_first(self):
        user_id = new_id()
        older, newer = OrderFactory(user_id=user_id), OrderFactory(user_id=user_id)
        OrderLineFactory()

        assert list(selectors.list_orders(user_id=user_id)) == [newer, older]
