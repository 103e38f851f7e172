"""The back office of orders: sagas own what is under way and buyers own their carts; returns are answered here."""

from .carts import ShoppingCartAdmin
from .orders import OrderAdmin
from .returns import OrderReturnAdmin

__all__ = ["OrderAdmin", "OrderReturnAdmin", "ShoppingCartAdmin"]
