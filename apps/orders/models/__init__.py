"""The tables: orders, returns and carts with their parts, the outbox, and the answers to repeatable requests."""

from .carts import CartLineItem, ShoppingCart
from .idempotency import IdempotencyRecord
from .messages import OutboxEvent
from .orders import Order, OrderDiscount, OrderEvent, OrderLineItem
from .returns import OrderReturn, OrderReturnLine

__all__ = [
    "CartLineItem",
    "IdempotencyRecord",
    "Order",
    "OrderDiscount",
    "OrderEvent",
    "OrderLineItem",
    "OrderReturn",
    "OrderReturnLine",
    "OutboxEvent",
    "ShoppingCart",
]
