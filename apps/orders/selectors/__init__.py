"""Reads of orders."""

from .carts import CartNotFound, FilledCart, get_cart, list_carts
from .orders import OrderNotFound, OrderStatus, get_order, get_order_status, list_orders

__all__ = [
    "CartNotFound",
    "FilledCart",
    "OrderNotFound",
    "OrderStatus",
    "get_cart",
    "get_order",
    "get_order_status",
    "list_carts",
    "list_orders",
]
