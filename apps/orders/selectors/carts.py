"""Reads of carts: a cart and its lines in one statement."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from apps.core.exceptions import NotFound
from apps.orders.buyers import Buyer
from apps.orders.models import CartLineItem, ShoppingCart
from apps.orders.statements import SQL

PREFIX = "line_"


class CartNotFound(NotFound):
    """The buyer has no cart of this id; somebody else's counts as none."""

    code = "cart_not_found"


@dataclass(frozen=True, slots=True)
class FilledCart:
    """A cart and its lines, oldest line first."""

    cart: ShoppingCart
    lines: list[CartLineItem]


def get_cart(*, cart_id: UUID, buyer: Buyer) -> FilledCart:
    """
    Return one cart of the buyer with its lines, ordered ones too; one statement.

    Raises:
        CartNotFound: there is no such cart, or it is somebody else's.
    """
    values = {"cart_id": cart_id, "user_id": buyer.user_id, "session_id": buyer.session_id}
    return filled(ShoppingCart.objects.using("orders").raw(SQL["get_cart"], values))


def list_carts(*, user_id: UUID) -> QuerySet[ShoppingCart]:
    """Return a customer's open carts without their lines, the newest first; empty for who has none."""
    return (
        ShoppingCart.objects.using("orders").filter(user_id=user_id, completed_at=None).order_by("-created_at", "-id")
    )


def owned_by(buyer: Buyer) -> Q:
    """Return the filter of what a buyer may see; what names no owner is nobody's."""
    owned = Q(pk=None)
    if buyer.user_id is not None:
        owned |= Q(user_id=buyer.user_id)
    if buyer.session_id is not None:
        owned |= Q(session_id=buyer.session_id)
    return owned


def filled(rows: Iterable[Any]) -> FilledCart:
    """Return the cart of joined rows, one a line, whose columns of the line begin with `line_`. Raises CartNotFound."""
    carts = list(rows)
    if not carts:
        raise cart_not_found()
    cart = carts[0]
    return FilledCart(cart, [_line_of(row, cart) for row in carts if row.line_id is not None])


def _line_of(row: Any, cart: ShoppingCart) -> CartLineItem:
    names = (field.attname for field in CartLineItem._meta.concrete_fields if field.attname != "cart_id")
    line = CartLineItem(cart=cart, **{name: getattr(row, f"{PREFIX}{name}") for name in names})
    line._state.adding, line._state.db = False, "orders"
    return line


def cart_not_found() -> CartNotFound:
    return CartNotFound("You have no such cart. A guest shows the cart's token in the X-Cart-Token header.")
