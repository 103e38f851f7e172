"""What buyers do to their carts."""

from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.db import DataError, transaction

from apps.accounts.contracts import PostalAddress
from apps.catalog.selectors import Offer
from apps.core.exceptions import DomainError
from apps.core.ids import new_id
from apps.orders.buyers import Buyer, new_token
from apps.orders.models import CartLineItem, ShoppingCart
from apps.orders.selectors.carts import FilledCart, filled, get_cart
from apps.orders.statements import SQL

from .cart_rules import (
    MOST_LINES,
    CartFull,
    CurrencyChanged,
    add_up,
    change_line,
    check_open,
    line_in,
    lock_cart,
    too_expensive,
)
from .offers import most_of, offer_of, shortage, snapshot


@dataclass(frozen=True, slots=True)
class NewCart:
    """A cart just made; `token` is the guest's secret, shown this once, None for a customer."""

    cart: ShoppingCart
    token: str | None


def create_cart(*, user_id: UUID | None, email: str | None = None) -> NewCart:
    """
    Make an empty cart, a customer's or, without a user, a guest's; one statement.

    A guest proves by the returned token that the cart is theirs; only its hash is stored.
    """
    token = None if user_id else new_token()
    values = {
        "id": new_id(),
        "user_id": user_id,
        "session_id": Buyer(token=token).session_id,
        "email": email,
        "currency": settings.SHOP_CURRENCY,
    }
    (cart,) = ShoppingCart.objects.using("orders").raw(SQL["create_cart"], values)
    return NewCart(cart, token)


def add_line(*, buyer: Buyer, cart_id: UUID, variant_id: UUID, quantity: int) -> FilledCart:
    """
    Put pieces of a variant into a cart, with a snapshot of what the catalogue says of it; two statements.

    Not idempotent: pieces of a variant that is in the cart already are added to its line, at that line's price.

    Args:
        quantity: in pieces, at least 1.

    Returns:
        The cart with all its lines.

    Raises:
        CartNotFound: the buyer has no such cart.
        CartAlreadyOrdered: the cart is an order by now.
        UnknownVariant, ProductUnavailable: there is no such variant, or it is not for sale.
        InsufficientStock: together with what is in the cart there would be more than can be had.
        CartFull: there would be more than 200 lines, or the total would not fit its column.
        CurrencyChanged: the shop sells in another currency now.
        On each of them the cart is as it was.
    """
    offer = offer_of(variant_id)
    values = snapshot(offer) | {
        "cart_id": cart_id,
        "user_id": buyer.user_id,
        "session_id": buyer.session_id,
        "currency": offer.currency,
        "line_id": new_id(),
        "product_id": offer.product_id,
        "variant_id": variant_id,
        "quantity": quantity,
        "available": most_of(offer),
        "most_lines": MOST_LINES,
    }
    try:
        rows = list(ShoppingCart.objects.using("orders").raw(SQL["put_cart_line"], values))
    except DataError as error:
        raise too_expensive(error) from error
    if rows:
        return filled(rows)
    raise _refusal(get_cart(cart_id=cart_id, buyer=buyer), offer, quantity)


def _refusal(found: FilledCart, offer: Offer, quantity: int) -> DomainError:
    """Say why nothing was put into a cart."""
    check_open(found.cart)
    if found.cart.currency != offer.currency:
        return CurrencyChanged(f"The cart is in {found.cart.currency}, the shop sells in {offer.currency} now.")
    requested = quantity + sum(line.quantity for line in found.lines if line.variant_id == offer.variant_id)
    if requested > most_of(offer):
        return shortage(offer, requested=requested)
    return CartFull(f"A cart holds {MOST_LINES} different variants; order these first.")


def set_quantity(*, buyer: Buyer, cart_id: UUID, line_id: UUID, quantity: int) -> FilledCart:
    """
    Set how many pieces of a line are wanted, and take what the catalogue says of it today; idempotent.

    Args:
        quantity: in pieces, at least 1.

    Returns:
        The cart as it is now.

    Raises:
        CartNotFound, CartAlreadyOrdered, LineNotFound: there is no such line to change.
        UnknownVariant, ProductUnavailable, InsufficientStock: it cannot be sold in that quantity.
        CartFull: the total would not fit its column.
        On each of them the cart is as it was.
    """
    try:
        with transaction.atomic(using="orders"):
            found = lock_cart(cart_id=cart_id, buyer=buyer)
            line = line_in(found, line_id)
            offer = offer_of(line.variant_id)
            if quantity > most_of(offer):
                raise shortage(offer, requested=quantity)
            change_line(line, quantity=quantity, **snapshot(offer))
            add_up(found)
    except DataError as error:
        raise too_expensive(error) from error
    return get_cart(cart_id=cart_id, buyer=buyer)


def remove_line(*, buyer: Buyer, cart_id: UUID, line_id: UUID) -> FilledCart:
    """
    Take a line out of a cart.

    Returns:
        The cart as it is now.

    Raises:
        CartNotFound, CartAlreadyOrdered, LineNotFound: there is no such line to remove.
    """
    with transaction.atomic(using="orders"):
        found = lock_cart(cart_id=cart_id, buyer=buyer)
        line = line_in(found, line_id)
        CartLineItem.objects.using("orders").filter(id=line.id).delete()
        add_up(FilledCart(found.cart, [other for other in found.lines if other is not line]))
    return get_cart(cart_id=cart_id, buyer=buyer)


def set_contact(
    *,
    buyer: Buyer,
    cart_id: UUID,
    email: str | None = None,
    shipping_address: PostalAddress | None = None,
    billing_address: PostalAddress | None = None,
) -> FilledCart:
    """
    Keep in a cart who buys and where it goes, for its checkout; what is None stays as it is. Idempotent.

    Returns:
        The cart as it is now.

    Raises:
        CartNotFound, CartAlreadyOrdered: there is no such cart to change.
    """
    given = {
        "email": email,
        "shipping_address": shipping_address and shipping_address.as_json(),
        "billing_address": billing_address and billing_address.as_json(),
    }
    values = {name: value for name, value in given.items() if value is not None}
    with transaction.atomic(using="orders"):
        cart = lock_cart(cart_id=cart_id, buyer=buyer).cart
        for name, value in values.items():
            setattr(cart, name, value)
        cart.save(using="orders", update_fields=list(values))
    return get_cart(cart_id=cart_id, buyer=buyer)


def delete_cart(*, buyer: Buyer, cart_id: UUID) -> None:
    """
    Delete an open cart with its lines.

    Raises:
        CartNotFound, CartAlreadyOrdered: there is no such cart to delete.
    """
    with transaction.atomic(using="orders"):
        lock_cart(cart_id=cart_id, buyer=buyer).cart.delete(using="orders")
