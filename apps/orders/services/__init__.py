"""Writes of orders, and the errors they raise."""

from .cart_rules import CartAlreadyOrdered, CartFull, CurrencyChanged, LineNotFound
from .carts import NewCart, add_line, create_cart, delete_cart, remove_line, set_contact, set_quantity
from .checkout import CardNumberGiven, CartEmpty, Checkout, NothingToPay, PriceChanged, place_order
from .cleaning import delete_expired
from .merging import merge_cart
from .offers import InsufficientStock, ProductUnavailable, UnknownVariant
from .outcomes import OrderCannotBeRejected, confirm_orders, reject_orders

__all__ = [
    "CardNumberGiven",
    "CartAlreadyOrdered",
    "CartEmpty",
    "CartFull",
    "Checkout",
    "CurrencyChanged",
    "InsufficientStock",
    "LineNotFound",
    "NewCart",
    "NothingToPay",
    "OrderCannotBeRejected",
    "PriceChanged",
    "ProductUnavailable",
    "UnknownVariant",
    "add_line",
    "confirm_orders",
    "create_cart",
    "delete_cart",
    "delete_expired",
    "merge_cart",
    "place_order",
    "reject_orders",
    "remove_line",
    "set_contact",
    "set_quantity",
]
