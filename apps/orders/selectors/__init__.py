"""Reads of orders."""

from .audit import OrderFacts, ReturnFacts, list_order_facts, list_return_facts
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
from .purchases import BoughtProduct, list_confirmed, list_purchases
from .returns import ReturnNotFound, get_return, list_asked_lines, list_return_numbers, list_returns

__all__ = [
    "BoughtProduct",
    "CartNotFound",
    "FilledCart",
    "OrderFacts",
    "OrderNotFound",
    "OrderStatus",
    "ReturnFacts",
    "ReturnNotFound",
    "count_orders",
    "get_cart",
    "get_order",
    "get_order_status",
    "get_return",
    "list_asked_lines",
    "list_carts",
    "list_confirmed",
    "list_order_facts",
    "list_order_numbers",
    "list_orders",
    "list_purchases",
    "list_return_facts",
    "list_return_numbers",
    "list_returns",
]
