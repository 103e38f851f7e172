"""The tables of orders: orders with their lines, events and discounts, carts with their lines, and the outbox."""

from .carts import CartLineItem, ShoppingCart
from .orders import Order, OrderDiscount, OrderEvent, OrderLineItem
from .outbox import OutboxEvent

__all__ = [
    "CartLineItem",
    "Order",
    "OrderDiscount",
    "OrderEvent",
    "OrderLineItem",
    "OutboxEvent",
    "ShoppingCart",
]
