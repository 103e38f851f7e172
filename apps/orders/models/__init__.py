"""The tables: orders and carts with what belongs to them, the outbox, and the answers to repeatable requests."""

from .carts import CartLineItem, ShoppingCart
from .idempotency import IdempotencyRecord
from .messages import OutboxEvent
from .orders import Order, OrderDiscount, OrderEvent, OrderLineItem

__all__ = [
    "CartLineItem",
    "IdempotencyRecord",
    "Order",
    "OrderDiscount",
    "OrderEvent",
    "OrderLineItem",
    "OutboxEvent",
    "ShoppingCart",
]
