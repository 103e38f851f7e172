"""The back office of orders."""

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from apps.core.testing.statements import statements
from apps.orders.contracts import ConfirmOrder
from apps.orders.services import confirm_orders

from .factories import CartLineFactory, OrderFactory
from .shop import guest_cart, order, shirt

pytestmark = pytest.mark.django_db(databases=["accounts", "orders", "catalog", "payments"])


@pytest.fixture
def staff() -> Client:
    client = Client()
    client.force_login(get_user_model()._default_manager.create_superuser(email="clerk@example.com", password="x"))
    return client


class TestOrderAdmin:
    def test_lists_orders_with_their_sagas_in_as_many_statements_for_one_as_for_ten(self, staff):
        def pages(count: int) -> int:
            for _ in range(count):
                order(guest_cart((shirt(), 1)))
            with statements(orders=4, payments=1):
                answer = staff.get("/admin/orders/order/")
            return answer.content.decode().count("active")

        first = pages(1)
        assert pages(9) == first + 9

    def test_shows_lines_history_and_the_steps_of_the_saga(self, staff):
        placed = order(guest_cart((shirt(sku="LINEN-BLUE-M"), 2)))
        confirm_orders(commands=[ConfirmOrder(order_id=placed.id)])

        page = staff.get(f"/admin/orders/order/{placed.id}/change/").content.decode()

        for text in (placed.order_number, "LINEN-BLUE-M", "The order was placed.", "reserve_inventory", "confirmed"):
            assert text in page

    def test_finds_an_order_by_its_number(self, staff):
        wanted, other = OrderFactory(order_number="ORD-1"), OrderFactory(order_number="ORD-2")

        page = staff.get("/admin/orders/order/?q=ORD-1").content.decode()

        assert (str(wanted.id) in page, str(other.id) in page) == (True, False)

    def test_changes_nothing(self, staff):
        placed = OrderFactory()

        assert staff.get("/admin/orders/order/add/").status_code == 403
        assert staff.post(f"/admin/orders/order/{placed.id}/change/", {"notes": "x"}).status_code == 403
        assert staff.post(f"/admin/orders/order/{placed.id}/delete/", {"post": "yes"}).status_code == 403


class TestShoppingCartAdmin:
    def test_shows_a_cart_without_the_guests_secret(self, staff):
        line = CartLineFactory(cart__session_id="5e" * 32, title="Linen Shirt")

        page = staff.get(f"/admin/orders/shoppingcart/{line.cart_id}/change/").content.decode()
        listed = staff.get("/admin/orders/shoppingcart/").content.decode()

        assert ("Linen Shirt" in page, "5e" * 32 in page + listed) == (True, False)
