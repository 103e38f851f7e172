"""Reads of orders."""

from .audit import OrderFacts, list_order_facts
from .carts import CartNotFound, FilledCart, get_cart, list_carts
from .orders import (
    OrderNotFound,
    OrderStatus,
    count_orders,
    get_order,
    get_order_status,
    list_order_numbers,
    list_orders,
)

__all__ = [
    "CartNotFound",
    "FilledCart",
    "OrderFacts",
    "OrderNotFound",
    "OrderStatus",
    "count_orders",
    "get_cart",
    "get_order",
    "get_order_status",
    "list_carts",
    "list_order_facts",
    "list_order_numbers",
    "list_orders",
]
