"""What every change of a cart obeys: it is the buyer's, it is open, and its row is locked first."""

from decimal import Decimal
from uuid import UUID

from django.db import DataError
from psycopg.errors import NumericValueOutOfRange

from apps.core.exceptions import DomainError, NotFound
from apps.orders.buyers import Buyer
from apps.orders.models import CartLineItem, ShoppingCart
from apps.orders.selectors.carts import FilledCart, cart_not_found, owned_by

MOST_LINES = 200
"""The most different variants in one cart."""


class CartAlreadyOrdered(DomainError):
    """The cart became the order `order_id`; it is not changed any more."""

    code = "cart_already_ordered"


class CartFull(DomainError):
    """The cart holds as many different variants, or as much money, as one cart may."""

    code = "cart_full"


class LineNotFound(NotFound):
    """The cart has no line of this id."""

    code = "line_not_found"


class CurrencyChanged(DomainError):
    """The shop sells in another currency than when the cart was made; start a new one."""

    code = "currency_changed"


def lock_cart(*, cart_id: UUID, buyer: Buyer) -> FilledCart:
    """
    Lock an open cart until the end of the caller's transaction, and return it with its lines; two statements.

    Whoever changes a cart locks its row first and nothing of anybody else's, so buyers never wait for each other.

    Raises:
        CartNotFound, CartAlreadyOrdered: there is no such cart to change.
    """
    carts = ShoppingCart.objects.using("orders").select_for_update().filter(owned_by(buyer), id=cart_id)
    # Not first(): it would sort, and of one row that is nothing but a longer plan.
    for cart in carts:
        check_open(cart)
        lines = CartLineItem.objects.using("orders").filter(cart=cart).order_by("created_at", "id")
        return FilledCart(cart, list(lines))
    raise cart_not_found()


def check_open(cart: ShoppingCart) -> None:
    """Raise CartAlreadyOrdered where a cart became an order."""
    if cart.order_id is not None:
        raise CartAlreadyOrdered("This cart is ordered already.", order_id=str(cart.order_id))


def line_in(found: FilledCart, line_id: UUID) -> CartLineItem:
    """Return a line of a cart, or raise LineNotFound."""
    for line in found.lines:
        if line.id == line_id:
            return line
    raise LineNotFound("The cart has no such line.", line_id=str(line_id))


def change_line(line: CartLineItem, **values: object) -> None:
    """Write some columns of a line."""
    for name, value in values.items():
        setattr(line, name, value)
    line.save(using="orders", update_fields=list(values))


def add_up(found: FilledCart) -> None:
    """Make the total of a locked cart the sum of its lines."""
    total = sum((line.total for line in found.lines), start=Decimal(0))
    found.cart.subtotal_price = found.cart.total_price = total
    found.cart.save(using="orders", update_fields=["subtotal_price", "total_price"])


def too_expensive(error: DataError) -> Exception:
    """Return CartFull for a total that its column does not hold, the error itself for anything else."""
    if isinstance(error.__cause__, NumericValueOutOfRange):
        return CartFull("The cart's total would be 100,000,000 or more; split it into several orders.")
    return error
