"""Orders and carts, as they stand in the tables."""

from decimal import Decimal

import factory

from apps.core.ids import new_id
from apps.orders.models import CartLineItem, Order, OrderLineItem, ShoppingCart

ADDRESS = {
    "name": "Ada Lovelace",
    "company": "",
    "line1": "12 St James's Square",
    "line2": "",
    "district": "",
    "city": "London",
    "region": "",
    "postal_code": "SW1Y 4JH",
    "country": "GB",
    "phone": "",
}


class CartFactory(factory.django.DjangoModelFactory):
    """A customer's empty cart."""

    class Meta:
        model = ShoppingCart
        database = "orders"

    user_id = factory.LazyFunction(new_id)


class CartLineFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = CartLineItem
        database = "orders"

    cart = factory.SubFactory(CartFactory)
    product_id = factory.LazyFunction(new_id)
    variant_id = factory.LazyFunction(new_id)
    quantity = 1
    price = Decimal("49.00")
    title = "Linen Shirt"


class OrderFactory(factory.django.DjangoModelFactory):
    """A customer's order of one shirt, being processed, without its line."""

    class Meta:
        model = Order
        database = "orders"

    user_id = factory.LazyFunction(new_id)
    email = "ada@example.com"
    status = Order.Status.PROCESSING
    subtotal_price = Decimal("49.00")
    shipping_price = Decimal("4.95")
    total_price = Decimal("53.95")
    billing_address = ADDRESS
    shipping_address = ADDRESS


class OrderLineFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = OrderLineItem
        database = "orders"

    order = factory.SubFactory(OrderFactory)
    product_id = factory.LazyFunction(new_id)
    variant_id = factory.LazyFunction(new_id)
    quantity = 1
    price = Decimal("49.00")
    original_price = Decimal("49.00")
    title = "Linen Shirt"
