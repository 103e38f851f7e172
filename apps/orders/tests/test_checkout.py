"""From a cart to an order under way."""

from decimal import Decimal

import pytest
from django.db import transaction

from apps.core.exceptions import InvalidInput
from apps.core.ids import new_id
from apps.core.testing.statements import statements
from apps.orders import selectors, services
from apps.orders.buyers import Buyer
from apps.orders.models import Order, OrderLineItem, ShoppingCart

from .factories import ADDRESS
from .shop import LONDON, Basket, change, customer_cart, guest_cart, history, order, sagas_of, shirt, told

pytestmark = pytest.mark.django_db(databases=["orders", "catalog"])


def refused(error: type[Exception], basket: Basket, **changes: object) -> Exception:
    """Order a basket, expecting a refusal that leaves no order behind."""
    with pytest.raises(error) as caught, transaction.atomic(using="orders"):
        order(basket, **changes)
    assert not Order.objects.using("orders").filter(cart_id=basket.id).exists()
    assert ShoppingCart.objects.using("orders").get(id=basket.id).completed_at is None
    return caught.value


class TestPlaceOrder:
    def test_writes_the_order_with_what_the_buyer_saw(self):
        variant = shirt(price="49.90", sku="LINEN-BLUE-M", product__vendor="Weaver & Sons", weight="210.00")
        basket = guest_cart((variant, 2))

        placed = order(basket)

        stored = Order.objects.using("orders").get(id=placed.id)
        assert stored.order_number == placed.order_number
        assert stored.order_number.startswith("ORD-")
        assert (stored.status, stored.financial_status) == ("processing", "pending")
        assert (stored.subtotal_price, stored.shipping_price) == (Decimal("99.80"), Decimal("4.95"))
        assert (stored.total_tax, stored.total_discounts, stored.total_price) == (0, 0, Decimal("104.75"))
        assert (stored.email, stored.currency, stored.shipping_method) == ("ada@example.com", "USD", "standard")
        assert (stored.shipping_address, stored.billing_address) == (ADDRESS, ADDRESS)
        line = OrderLineItem.objects.using("orders").get(order_id=placed.id)
        assert (line.product_id, line.variant_id, line.quantity) == (variant.product_id, variant.id, 2)
        assert (line.price, line.original_price, line.total) == (Decimal("49.90"), Decimal("49.90"), Decimal("99.80"))
        assert (line.title, line.variant_title, line.sku) == ("Linen Shirt", "Blue / M", "LINEN-BLUE-M")
        assert (line.vendor, line.weight) == ("Weaver & Sons", Decimal("210.00"))

    def test_closes_the_cart(self):
        basket = guest_cart((shirt(), 1))

        placed = order(basket)

        cart = ShoppingCart.objects.using("orders").get(id=basket.id)
        assert cart.order_id == placed.id
        assert cart.completed_at is not None
        assert placed.cart_id == basket.id

    def test_starts_the_saga_and_announces_the_order(self):
        variant = shirt(price="49.90")
        basket = guest_cart((variant, 2))

        placed = order(basket)

        ((definition, status, lane, _),) = sagas_of(placed.id)
        assert (definition, status, lane) == ("order_processing", "active", "catalog")
        assert history(placed.id) == ["created"]
        assert told(placed.id) == [
            (
                "order.placed",
                {
                    "order_id": str(placed.id),
                    "order_number": placed.order_number,
                    "user_id": None,
                    "total_price": "104.75",
                    "currency": "USD",
                },
            )
        ]

    def test_takes_six_statements_whatever_the_cart_holds(self):
        basket = guest_cart(*((shirt(), 1) for _ in range(5)))

        with statements(orders=5, catalog=1):
            order(basket)

    def test_gives_a_customers_order_to_the_customer(self):
        user_id = new_id()

        placed = order(customer_cart(user_id, (shirt(), 1)))

        assert (placed.user_id, placed.access_token_hash) == (user_id, None)

    def test_lets_the_guests_token_open_the_order(self):
        basket = guest_cart((shirt(), 1))

        placed = order(basket)

        assert selectors.get_order(order_id=placed.id, buyer=basket.buyer) == placed
        with pytest.raises(selectors.OrderNotFound):
            selectors.get_order(order_id=placed.id, buyer=Buyer(token="guessed"))

    def test_takes_contact_and_addresses_from_the_cart(self):
        basket = guest_cart((shirt(), 1))
        services.set_contact(buyer=basket.buyer, cart_id=basket.id, email="byron@example.com", shipping_address=LONDON)

        placed = order(basket, email=None, shipping_address=None)

        assert (placed.email, placed.shipping_address) == ("byron@example.com", ADDRESS)

    def test_ships_nothing_for_free_where_nothing_is_shipped(self):
        placed = order(guest_cart((shirt(requires_shipping=False), 1)))

        assert (placed.shipping_method, placed.shipping_price, placed.total_price) == (None, 0, Decimal("49.00"))

    def test_takes_the_shipping_method_asked_for(self):
        placed = order(guest_cart((shirt(), 1)), shipping_method="express")

        assert (placed.shipping_method, placed.total_price) == ("express", Decimal("63.95"))

    def test_gives_orders_the_next_numbers(self):
        first, second = order(guest_cart((shirt(), 1))), order(guest_cart((shirt(), 1)))

        assert int(second.order_number.removeprefix("ORD-")) == int(first.order_number.removeprefix("ORD-")) + 1


class TestPlaceOrderRefuses:
    @pytest.mark.parametrize("number", ["4242424242424242", "4242 4242 4242 4242", "4242-4242-4242-4242 "])
    def test_a_card_number_in_place_of_a_token(self, number):
        basket = guest_cart((shirt(), 1))

        refusal = refused(services.CardNumberGiven, basket, payment_method=number)

        assert list(refusal.errors) == ["payment_method"]
        assert number.strip() not in str(refusal)

    def test_an_empty_cart(self):
        assert refused(services.CartEmpty, guest_cart()).code == "cart_empty"

    def test_a_cart_that_is_ordered_already(self):
        basket = guest_cart((shirt(), 1))
        placed = order(basket)

        with pytest.raises(services.CartAlreadyOrdered) as again, transaction.atomic(using="orders"):
            order(basket)

        assert again.value.details == {"order_id": str(placed.id)}
        assert Order.objects.using("orders").filter(cart_id=basket.id).count() == 1

    def test_somebody_elses_cart(self):
        basket = guest_cart((shirt(), 1))

        refused(selectors.CartNotFound, Basket(basket.id, Buyer(user_id=new_id()), None))

    def test_a_checkout_without_contact_and_names_what_is_missing(self):
        error = refused(InvalidInput, guest_cart((shirt(), 1)), email=None, shipping_address=None)

        assert error.errors == {
            "email": ["This field is required."],
            "shipping_address": ["This field is required."],
        }

    def test_a_shipping_method_that_does_not_exist(self):
        error = refused(InvalidInput, guest_cart((shirt(), 1)), shipping_method="pigeon")

        assert error.errors == {
            "shipping_method": ["There is no such shipping method; choose one of: standard, express."]
        }

    def test_products_that_went_off_sale_and_names_their_lines(self):
        gone = shirt(product__name="Red Shirt")
        basket = guest_cart((shirt(), 1), (gone, 1))
        change(gone, is_active=False)

        error = refused(services.ProductUnavailable, basket)

        line = basket.filled.lines[1]
        assert error.details == {"lines": [{"line_id": str(line.id), "variant_id": str(gone.id), "title": "Red Shirt"}]}

    def test_more_than_there_is_by_now_and_names_the_lines(self):
        scarce = shirt(inventory_quantity=5)
        basket = guest_cart((scarce, 4))
        change(scarce, inventory_quantity=3)

        error = refused(services.InsufficientStock, basket)

        line = basket.filled.lines[0]
        assert error.details["lines"] == [
            {
                "line_id": str(line.id),
                "variant_id": str(scarce.id),
                "title": "Linen Shirt",
                "requested": 4,
                "available": 3,
            }
        ]

    def test_another_total_than_expected(self):
        error = refused(services.PriceChanged, guest_cart((shirt(), 1)), expected_total=Decimal("49.00"))

        assert error.details == {"lines": [], "total_price": "53.95", "expected_total": "49.00"}

    def test_another_currency(self, settings):
        basket = guest_cart((shirt(), 1))
        settings.SHOP_CURRENCY = "EUR"

        refused(services.CurrencyChanged, basket)

    def test_an_order_that_costs_nothing(self):
        refused(services.NothingToPay, guest_cart((shirt(price="0.00", requires_shipping=False), 1)))


class TestChangedPrices:
    def test_are_refused_by_name_and_shown_in_the_cart_from_then_on(self):
        blue, red = shirt(product__name="Blue Shirt"), shirt(product__name="Red Shirt", price="20.00")
        basket = guest_cart((blue, 2), (red, 1))
        change(blue, price="59.00")

        with pytest.raises(services.PriceChanged) as refusal:
            order(basket)

        line = basket.filled.lines[0]
        assert refusal.value.details == {
            "lines": [
                {
                    "line_id": str(line.id),
                    "variant_id": str(blue.id),
                    "title": "Blue Shirt",
                    "old_price": "49.00",
                    "new_price": "59.00",
                }
            ]
        }
        found = selectors.get_cart(cart_id=basket.id, buyer=basket.buyer)
        assert [line.price for line in found.lines] == [Decimal("59.00"), Decimal("20.00")]
        assert found.cart.subtotal_price == Decimal("138.00")
        assert not Order.objects.using("orders").filter(cart_id=basket.id).exists()

    def test_can_be_ordered_the_next_time(self):
        variant = shirt()
        basket = guest_cart((variant, 1))
        change(variant, price="59.00")
        with pytest.raises(services.PriceChanged):
            order(basket)

        assert order(basket).subtotal_price == Decimal("59.00")
