"""A guest logs in: the guest's cart becomes the customer's."""

from uuid import UUID

from django.db import DataError, transaction

from apps.orders.buyers import Buyer
from apps.orders.models import ShoppingCart
from apps.orders.selectors.carts import FilledCart, get_cart
from apps.orders.statements import SQL

from .cart_rules import CurrencyChanged, add_up, lock_cart, too_expensive
from .offers import MOST_PIECES


def merge_cart(*, user_id: UUID, buyer: Buyer, cart_id: UUID) -> FilledCart:
    """
    Give a guest's cart to a customer: its lines go into the customer's newest open cart, or it becomes that cart.

    Idempotent for a cart that is the customer's already. Quantities of one variant are added, up to 10,000 pieces; the
    line of the customer's cart keeps its price. Stock is looked at in the checkout. The guest's token opens neither
    cart any more.

    Args:
        buyer: shows the token of the guest's cart.

    Returns:
        The customer's cart.

    Raises:
        CartNotFound, CartAlreadyOrdered: there is no such cart to merge.
        CurrencyChanged: the two carts are in different currencies; both are as they were.
        CartFull: the total would not fit its column; both are as they were.
    """
    customer = Buyer(user_id=user_id)
    try:
        with transaction.atomic(using="orders"):
            guest = lock_cart(cart_id=cart_id, buyer=buyer).cart
            target = guest if guest.user_id == user_id else _newest_of(user_id)
            if target is None:
                _hand_over(guest, user_id)
            elif target != guest:
                _pour(guest, target, customer)
            merged_id = (target or guest).id
    except DataError as error:
        raise too_expensive(error) from error
    return get_cart(cart_id=merged_id, buyer=customer)


def _newest_of(user_id: UUID) -> ShoppingCart | None:
    """Return and lock the newest open cart of a customer, None when there is none."""
    carts = ShoppingCart.objects.using("orders").select_for_update()
    return carts.filter(user_id=user_id, completed_at=None).order_by("-created_at", "-id").first()


def _hand_over(guest: ShoppingCart, user_id: UUID) -> None:
    guest.user_id, guest.session_id = user_id, None
    guest.save(using="orders", update_fields=["user_id", "session_id"])


def _pour(guest: ShoppingCart, target: ShoppingCart, customer: Buyer) -> None:
    """Move the lines of one locked cart into another, and delete the first."""
    if guest.currency != target.currency:
        raise CurrencyChanged(f"One cart is in {guest.currency}, the other in {target.currency}.")
    SQL.run("pour_cart_lines", guest_id=guest.id, target_id=target.id, most_pieces=MOST_PIECES)
    guest.delete(using="orders")
    add_up(lock_cart(cart_id=target.id, buyer=customer))
