"""Which app hears what another announces. The relay calls these at least once, so each bears the same event twice."""

from datetime import timedelta
from uuid import UUID

from django.conf import settings

from apps.accounts import selectors as accounts
from apps.accounts.contracts import PasswordResetRequested
from apps.accounts.services import reset_secret
from apps.core import clock
from apps.notifications.services import send_password_reset
from apps.orders.contracts import OrderConfirmed, OrderReturned
from apps.orders.services import tell_purchases
from apps.sagas.relay import Delivery, subscribes


@subscribes(PasswordResetRequested.type)
def mail_password_reset(delivery: Delivery) -> None:
    """
    Mail the link of a password reset, once.

    A mail server that is away keeps the event, and the customer's later ones, for the next turn, until the link is too
    old to be of use.
    """
    if clock.now() >= delivery.created_at + timedelta(seconds=settings.PASSWORD_RESET_SECONDS):
        return
    reset_id = UUID(delivery.payload["reset_id"])
    try:
        user = accounts.get_user(user_id=UUID(delivery.payload["user_id"]))
    except accounts.UserNotFound:
        return
    send_password_reset(
        reset_id=reset_id,
        recipient=user.email,
        link=settings.PASSWORD_RESET_URL.replace("{token}", reset_secret(reset_id=reset_id)),
        minutes=settings.PASSWORD_RESET_SECONDS // 60,
    )


@subscribes(OrderConfirmed.type, OrderReturned.type)
def note_what_was_bought(delivery: Delivery) -> None:
    """
    Tell the catalogue what a customer bought or gave back, so that their reviews say so.

    It tells what the order says now, so events that come twice or late do no harm.
    """
    tell_purchases(order_ids=[UUID(delivery.payload["order_id"])])
