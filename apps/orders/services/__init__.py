"""Writes of orders, and the errors they raise."""

from .cart_rules import CartAlreadyOrdered, CartFull, CurrencyChanged, LineNotFound
from .carts import NewCart, add_line, create_cart, delete_cart, remove_line, set_contact, set_quantity
from .checkout import CardNumberGiven, CartEmpty, Checkout, NothingToPay, PriceChanged, place_order
from .cleaning import delete_expired
from .merging import merge_cart
from .offers import InsufficientStock, ProductUnavailable, UnknownVariant
from .outcomes import OrderCannotBeRejected, confirm_orders, reject_orders
from .purchases import tell_all_purchases, tell_purchases
from .receiving import ArrivedLine, receive_return
from .returned import ReturnCannotBeClosed, ReturnCannotBeReopened, accept_returns, close_returns, reopen_returns
from .returns import (
    MoreThanBought,
    OrderNotReturnable,
    ReturnNotOpen,
    ReturnRequest,
    WantedLine,
    approve_return,
    cancel_return,
    refuse_return,
    request_return,
)

__all__ = [
    "ArrivedLine",
    "CardNumberGiven",
    "CartAlreadyOrdered",
    "CartEmpty",
    "CartFull",
    "Checkout",
    "CurrencyChanged",
    "InsufficientStock",
    "LineNotFound",
    "MoreThanBought",
    "NewCart",
    "NothingToPay",
    "OrderCannotBeRejected",
    "OrderNotReturnable",
    "PriceChanged",
    "ProductUnavailable",
    "ReturnCannotBeClosed",
    "ReturnCannotBeReopened",
    "ReturnNotOpen",
    "ReturnRequest",
    "UnknownVariant",
    "WantedLine",
    "accept_returns",
    "add_line",
    "approve_return",
    "cancel_return",
    "close_returns",
    "confirm_orders",
    "create_cart",
    "delete_cart",
    "delete_expired",
    "merge_cart",
    "place_order",
    "receive_return",
    "refuse_return",
    "reject_orders",
    "remove_line",
    "reopen_returns",
    "request_return",
    "set_contact",
    "set_quantity",
    "tell_all_purchases",
    "tell_purchases",
]
