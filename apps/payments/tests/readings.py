"""What a test reads afterwards: our own books, and the gateway's."""

from decimal import Decimal
from typing import Any

from apps.payments.contracts import ProcessPayment
from apps.payments.models import LedgerLine, OutboxEvent, Payment, PaymentAttempt
from apps.payments.testing import RunningGateway
from apps.sagas.messages import Call

Paid = Call[ProcessPayment]


def payment(paid: Paid) -> tuple[Any, ...]:
    """Return an order's payment: status, captured, refunded."""
    found = Payment.objects.get(order_id=paid.command.order_id)
    return found.status, found.captured_amount, found.refunded_amount


def attempt(paid: Paid) -> PaymentAttempt:
    return PaymentAttempt.objects.get(id=paid.effect_id)


def ledger(paid: Paid) -> list[tuple[Any, ...]]:
    """Return an order's ledger lines, a capture before its refund."""
    lines = LedgerLine.objects.filter(order_id=paid.command.order_id)
    return list(lines.order_by("kind").values_list("kind", "amount"))


def events(paid: Paid) -> list[str]:
    """Return the types of the events about an order's payment, in their order."""
    found = OutboxEvent.objects.filter(payload__order_id=str(paid.command.order_id))
    return list(found.order_by("aggregate_seq").values_list("type", flat=True))


def held(gateway: RunningGateway, paid: Paid) -> list[tuple[Any, ...]]:
    """Return what the gateway holds for an order: state, charged and given back, one a charge."""
    return [
        (charge["state"], Decimal(charge["amount"]), Decimal(charge["refunded"]))
        for charge in gateway.charges(paid.command.order_id)
    ]
