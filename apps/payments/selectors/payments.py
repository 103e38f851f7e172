"""What payments knows of orders' money."""

from collections.abc import Sequence
from uuid import UUID

from apps.core.exceptions import NotFound
from apps.payments.models import LedgerLine, Payment, PaymentMethod

DATABASE = "payments"


class PaymentNotFound(NotFound):
    """No payment was ever begun for this order."""

    code = "payment_not_found"


def get_payment(*, order_id: UUID) -> Payment:
    """
    Return an order's payment: status, and the amounts asked, captured and refunded in its currency (ISO 4217).

    Raises:
        PaymentNotFound: no payment was begun for the order.
    """
    try:
        return Payment.objects.using(DATABASE).get(order_id=order_id)
    except Payment.DoesNotExist:
        raise PaymentNotFound(f"No payment was begun for the order {order_id}.", order_id=str(order_id)) from None


def list_payments(*, order_ids: Sequence[UUID]) -> dict[UUID, Payment]:
    """Return the payments of many orders by order, in one statement; orders without one are left out."""
    found = Payment.objects.using(DATABASE).filter(order_id__in=order_ids)
    return {payment.order_id: payment for payment in found}


def list_ledger(*, order_id: UUID) -> list[LedgerLine]:
    """
    Return the movements of an order's money, oldest first; empty when none moved.

    Captures are positive and refunds negative, each in its currency (ISO 4217): their sum is what is ours.
    """
    return list(LedgerLine.objects.using(DATABASE).filter(order_id=order_id).order_by("created_at", "kind"))


def list_payment_methods(*, user_id: UUID) -> list[PaymentMethod]:
    """Return a customer's saved payment methods, the default one first, then the newest; empty when there is none."""
    methods = PaymentMethod.objects.using(DATABASE).filter(user_id=user_id)
    return list(methods.order_by("-is_default", "-created_at"))
