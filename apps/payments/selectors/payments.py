"""The money of orders, as payments and as movements."""

from collections.abc import Sequence
from uuid import UUID

from apps.payments.models import LedgerLine, Payment
from apps.payments.statements import DATABASE


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
