"""What buyers do to their carts."""

from decimal import Decimal
from hashlib import sha256

import pytest

from apps.core.ids import new_id
from apps.core.testing.statements import statements
from apps.orders import selectors, services
from apps.orders.buyers import Buyer
from apps.orders.models import CartLineItem, ShoppingCart

from .factories import CartLineFactory
from .shop import LONDON, Basket, change, customer_cart, fill, guest_cart, order, shirt

pytestmark = pytest.mark.django_db(databases=["orders", "catalog"])


def contents(basket: Basket) -> list[tuple[str, int, Decimal]]:
    """Title, quantity and price of each line."""
    lines = selectors.get_cart(cart_id=basket.id, buyer=basket.buyer).lines
    return [(line.title, line.quantity, line.price) for line in lines]


def totals(basket: Basket) -> tuple[Decimal, Decimal]:
    cart = ShoppingCart.objects.using("orders").get(id=basket.id)
    return cart.subtotal_price, cart.total_price


class TestCreateCart:
    def test_gives_a_guest_a_secret_and_stores_only_its_hash(self):
        with statements(orders=1, catalog=0):
            new = services.create_cart(user_id=None, email="ada@example.com")

        stored = ShoppingCart.objects.using("orders").get(id=new.cart.id)
        assert len(new.token) == 43
        assert stored.session_id == sha256(new.token.encode()).hexdigest()
        assert (stored.user_id, stored.email, stored.currency) == (None, "ada@example.com", "USD")

    def test_gives_a_customer_no_secret(self):
        user_id = new_id()

        new = services.create_cart(user_id=user_id)

        assert (new.token, new.cart.user_id, new.cart.session_id) == (None, user_id, None)
        assert (new.cart.subtotal_price, new.cart.total_price) == (0, 0)


class TestAddLine:
    def test_keeps_what_the_catalogue_says(self):
        variant = shirt(price="49.90", image_url="/media/blue.svg", sku="LINEN-BLUE-M")
        basket = guest_cart()

        with statements(orders=1, catalog=1):
            filled = services.add_line(buyer=basket.buyer, cart_id=basket.id, variant_id=variant.id, quantity=2)

        (line,) = filled.lines
        assert (line.product_id, line.variant_id, line.quantity) == (variant.product_id, variant.id, 2)
        assert (line.title, line.variant_title, line.sku) == ("Linen Shirt", "Blue / M", "LINEN-BLUE-M")
        assert (line.price, line.image_url) == (Decimal("49.90"), "/media/blue.svg")
        assert (filled.cart.subtotal_price, filled.cart.total_price) == (Decimal("99.80"), Decimal("99.80"))

    def test_returns_the_other_lines_too_in_the_order_they_came(self):
        blue, red = shirt(product__name="Blue Shirt"), shirt(product__name="Red Shirt")

        basket = guest_cart((blue, 1), (red, 1), (blue, 1))

        assert [(line.title, line.quantity) for line in basket.filled.lines] == [("Blue Shirt", 2), ("Red Shirt", 1)]
        assert contents(basket) == [("Blue Shirt", 2, Decimal("49.00")), ("Red Shirt", 1, Decimal("49.00"))]

    def test_adds_pieces_to_the_line_of_the_variant_at_the_price_it_was_seen(self):
        variant = shirt(price="49.00")
        basket = guest_cart((variant, 1))
        change(variant, price="59.00")

        fill(basket, (variant, 2))

        assert contents(basket) == [("Linen Shirt", 3, Decimal("49.00"))]
        assert totals(basket) == (Decimal("147.00"), Decimal("147.00"))

    def test_takes_a_second_basket_of_the_same_variant_for_what_it_is(self):
        variant = shirt()
        first, second = guest_cart((variant, 1)), guest_cart((variant, 4))

        assert (contents(first), contents(second)) == (
            [("Linen Shirt", 1, Decimal("49.00"))],
            [("Linen Shirt", 4, Decimal("49.00"))],
        )

    def test_refuses_a_variant_that_does_not_exist(self):
        basket, variant_id = guest_cart(), new_id()

        with pytest.raises(services.UnknownVariant) as refused:
            services.add_line(buyer=basket.buyer, cart_id=basket.id, variant_id=variant_id, quantity=1)

        assert (refused.value.code, refused.value.details) == ("unknown_variant", {"variant_id": str(variant_id)})
        assert contents(basket) == []

    def test_refuses_what_is_not_for_sale(self):
        variant, basket = shirt(product__is_active=False), guest_cart()

        with pytest.raises(services.ProductUnavailable) as refused:
            fill(basket, (variant, 1))

        assert refused.value.details == {"lines": [{"variant_id": str(variant.id)}]}
        assert contents(basket) == []

    def test_refuses_more_than_there_is_and_says_how_many_there_are(self):
        variant, basket = shirt(inventory_quantity=3), guest_cart()

        with pytest.raises(services.InsufficientStock) as refused:
            fill(basket, (variant, 4))

        assert refused.value.message == "Only 3 of Linen Shirt can be had."
        assert refused.value.details == {"lines": [{"variant_id": str(variant.id), "requested": 4, "available": 3}]}
        assert (contents(basket), totals(basket)) == ([], (0, 0))

    def test_counts_what_the_cart_holds_already(self):
        variant = shirt(inventory_quantity=3)
        basket = guest_cart((variant, 2))

        with pytest.raises(services.InsufficientStock) as refused:
            fill(basket, (variant, 2))

        assert refused.value.details["lines"][0]["requested"] == 4
        assert (contents(basket), totals(basket)) == ([("Linen Shirt", 2, Decimal("49.00"))], (98, 98))

    def test_takes_more_than_there_is_where_the_variant_may_be_back_ordered(self):
        basket = guest_cart((shirt(inventory_quantity=0, allow_backorder=True), 5))

        assert contents(basket) == [("Linen Shirt", 5, Decimal("49.00"))]

    def test_shows_nobody_elses_cart(self):
        variant, basket = shirt(), guest_cart()

        for stranger in (Buyer(), Buyer(user_id=new_id()), Buyer(token="guessed")):
            with pytest.raises(selectors.CartNotFound):
                services.add_line(buyer=stranger, cart_id=basket.id, variant_id=variant.id, quantity=1)

        assert contents(basket) == []

    def test_leaves_an_ordered_cart_alone(self):
        variant = shirt()
        basket = guest_cart((variant, 1))
        placed = order(basket)

        with pytest.raises(services.CartAlreadyOrdered) as refused:
            fill(basket, (variant, 1))

        assert refused.value.details == {"order_id": str(placed.id)}
        assert contents(basket) == [("Linen Shirt", 1, Decimal("49.00"))]

    def test_refuses_another_currency(self, settings):
        variant, basket = shirt(), guest_cart()
        settings.SHOP_CURRENCY = "EUR"

        with pytest.raises(services.CurrencyChanged):
            fill(basket, (variant, 1))

        assert contents(basket) == []

    def test_refuses_a_total_that_fits_no_column(self):
        variant = shirt(price="99999999.99")
        basket = guest_cart((variant, 1))

        with pytest.raises(services.CartFull):
            fill(basket, (variant, 1))

    def test_refuses_a_line_too_many(self):
        basket = guest_cart()
        cart = ShoppingCart.objects.using("orders").get(id=basket.id)
        CartLineFactory.create_batch(200, cart=cart)

        with pytest.raises(services.CartFull):
            fill(basket, (shirt(), 1))

        assert CartLineItem.objects.using("orders").filter(cart=cart).count() == 200


class TestSetQuantity:
    def test_sets_the_pieces_and_takes_todays_price(self):
        blue, red = shirt(product__name="Blue Shirt"), shirt(product__name="Red Shirt", price="20.00")
        basket = guest_cart((blue, 1), (red, 1))
        change(blue, price="59.00")

        filled = services.set_quantity(
            buyer=basket.buyer, cart_id=basket.id, line_id=basket.filled.lines[0].id, quantity=3
        )

        assert [(line.quantity, line.price) for line in filled.lines] == [(3, Decimal("59.00")), (1, Decimal("20.00"))]
        assert totals(basket) == (Decimal("197.00"), Decimal("197.00"))

    def test_refuses_more_than_there_is(self):
        basket = guest_cart((shirt(inventory_quantity=3), 1))

        with pytest.raises(services.InsufficientStock):
            services.set_quantity(buyer=basket.buyer, cart_id=basket.id, line_id=basket.filled.lines[0].id, quantity=4)

        assert contents(basket) == [("Linen Shirt", 1, Decimal("49.00"))]

    def test_finds_no_line_of_another_cart(self):
        mine, other = guest_cart((shirt(), 1)), guest_cart((shirt(), 1))

        with pytest.raises(services.LineNotFound):
            services.set_quantity(buyer=mine.buyer, cart_id=mine.id, line_id=other.filled.lines[0].id, quantity=2)

        assert contents(other) == [("Linen Shirt", 1, Decimal("49.00"))]


class TestRemoveLine:
    def test_takes_the_line_out_of_the_total(self):
        blue, red = shirt(product__name="Blue Shirt"), shirt(product__name="Red Shirt", price="20.00")
        basket = guest_cart((blue, 1), (red, 2))

        filled = services.remove_line(buyer=basket.buyer, cart_id=basket.id, line_id=basket.filled.lines[0].id)

        assert [line.title for line in filled.lines] == ["Red Shirt"]
        assert totals(basket) == (Decimal("40.00"), Decimal("40.00"))

    def test_is_refused_once_ordered(self):
        basket = guest_cart((shirt(), 1))
        order(basket)

        with pytest.raises(services.CartAlreadyOrdered):
            services.remove_line(buyer=basket.buyer, cart_id=basket.id, line_id=basket.filled.lines[0].id)

        assert contents(basket) == [("Linen Shirt", 1, Decimal("49.00"))]


class TestSetContact:
    def test_keeps_what_is_given_and_leaves_the_rest(self):
        basket = guest_cart()
        services.set_contact(buyer=basket.buyer, cart_id=basket.id, email="ada@example.com")

        found = services.set_contact(buyer=basket.buyer, cart_id=basket.id, shipping_address=LONDON)

        assert found.cart.email == "ada@example.com"
        assert found.cart.shipping_address == LONDON.as_json()
        assert found.cart.billing_address is None


class TestDeleteCart:
    def test_removes_the_cart_with_its_lines(self):
        basket = guest_cart((shirt(), 1))

        services.delete_cart(buyer=basket.buyer, cart_id=basket.id)

        assert not ShoppingCart.objects.using("orders").filter(id=basket.id).exists()
        assert not CartLineItem.objects.using("orders").filter(cart_id=basket.id).exists()


class TestMergeCart:
    def test_pours_a_guests_lines_into_the_customers_newest_cart(self):
        user_id, blue, red = new_id(), shirt(product__name="Blue Shirt"), shirt(product__name="Red Shirt")
        customers = customer_cart(user_id, (blue, 1))
        guests = guest_cart((blue, 2), (red, 1))

        merged = services.merge_cart(user_id=user_id, buyer=guests.buyer, cart_id=guests.id)

        assert merged.cart.id == customers.id
        assert sorted((line.title, line.quantity) for line in merged.lines) == [("Blue Shirt", 3), ("Red Shirt", 1)]
        assert totals(customers) == (Decimal("196.00"), Decimal("196.00"))
        with pytest.raises(selectors.CartNotFound):
            selectors.get_cart(cart_id=guests.id, buyer=guests.buyer)

    def test_makes_it_the_customers_cart_where_there_is_none(self):
        user_id, guests = new_id(), guest_cart((shirt(), 2))

        merged = services.merge_cart(user_id=user_id, buyer=guests.buyer, cart_id=guests.id)

        assert (merged.cart.id, merged.cart.user_id) == (guests.id, user_id)
        with pytest.raises(selectors.CartNotFound):
            selectors.get_cart(cart_id=guests.id, buyer=guests.buyer)

    def test_leaves_the_customers_own_cart_as_it_is(self):
        user_id = new_id()
        customers = customer_cart(user_id, (shirt(), 2))

        merged = services.merge_cart(user_id=user_id, buyer=Buyer(user_id=user_id), cart_id=customers.id)

        assert (merged.cart.id, [line.quantity for line in merged.lines]) == (customers.id, [2])

    def test_needs_the_guests_token(self):
        guests = guest_cart((shirt(), 2))

        with pytest.raises(selectors.CartNotFound):
            services.merge_cart(user_id=new_id(), buyer=Buyer(token="guessed"), cart_id=guests.id)

        assert contents(guests) == [("Linen Shirt", 2, Decimal("49.00"))]
