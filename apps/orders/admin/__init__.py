"""The back office of orders: to be read, as the saga owns an order under way and a buyer owns a cart."""

from .carts import ShoppingCartAdmin
from .orders import OrderAdmin

__all__ = ["OrderAdmin", "ShoppingCartAdmin"]
