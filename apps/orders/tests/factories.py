"""Orders and carts, as they stand in the tables."""

from decimal import Decimal

import factory

from apps.core.ids import new_id
from apps.orders.models import CartLineItem, Order, OrderLineItem, OrderReturn, OrderReturnLine, ShoppingCart

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


class ConfirmedOrderFactory(OrderFactory):
    """A confirmed order of a customer, paid: three shirts at 10.00 and one pair of socks at 19.00, shipping 4.95."""

    class Meta:
        skip_postgeneration_save = True

    status = Order.Status.CONFIRMED
    financial_status = Order.FinancialStatus.PAID

    @factory.post_generation
    def its_lines(self, create, extracted, **kwargs):
        OrderLineFactory.create(order=self, quantity=3, price=Decimal("10.00"), title="Linen Shirt", sku="LS-1")
        OrderLineFactory.create(order=self, quantity=1, price=Decimal("19.00"), title="Wool Socks", sku="WS-1")


class ReturnFactory(factory.django.DjangoModelFactory):
    """A return that was asked for, of a confirmed order, without its lines."""

    class Meta:
        model = OrderReturn
        database = "orders"

    order = factory.SubFactory(ConfirmedOrderFactory)
    reason = OrderReturn.Reason.DAMAGED
    status = OrderReturn.Status.REQUESTED
    currency = "USD"


class ReturnLineFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = OrderReturnLine
        database = "orders"

    order_return = factory.SubFactory(ReturnFactory)
    line = factory.LazyAttribute(lambda made: made.order_return.order.lines.using("orders").order_by("-price").last())
    quantity = 1
