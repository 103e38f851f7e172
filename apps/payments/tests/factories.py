"""Calls as the engine makes them, and their delivery."""

from decimal import Decimal
from typing import Any
from uuid import UUID

import factory

from apps.core.ids import new_id
from apps.payments.contracts import (
    HoldRefund,
    ProcessPayment,
    RefundPayment,
    RefundReturn,
    ReleaseRefund,
    WaivePayment,
    WaiveRefund,
)
from apps.payments.handlers import payments
from apps.sagas.messages import Call, Direction
from apps.sagas.testing import Deliveries

APPROVED = "test_4242424242424242"
DECLINED = "test_4000000000000002"
INSUFFICIENT_FUNDS = "test_4000000000009995"
TIMEOUT_WITH_EFFECT = "test_4000000000004080"
TIMEOUT_WITHOUT_EFFECT = "test_4000000000004081"
LANDS_LATE = "test_4000000000004082"
SAVED_ERROR = "test_4000000000005000"
SUCCEEDS_LATE = "test_4000000000004020"
SLOW = "test_4000000000007001"


class ProcessPaymentFactory(factory.Factory[ProcessPayment]):
    class Meta:
        model = ProcessPayment

    order_id = factory.LazyFunction(new_id)
    customer_id = factory.LazyFunction(new_id)
    amount = Decimal("59.90")
    currency = "USD"
    payment_method = APPROVED
    reference = factory.Sequence(lambda n: f"ORD-{n:06}")


def pay(*, saga_id: UUID | None = None, epoch: int = 0, **fields: Any) -> Call[ProcessPayment]:
    """Return the call that takes an order's money."""
    return Call(saga_id or new_id(), "process_payment", Direction.FORWARD, epoch, ProcessPaymentFactory.build(**fields))


def undo(paid: Call[ProcessPayment], *, reason: str = "insufficient_stock") -> Call[RefundPayment]:
    """Return the call that undoes it."""
    command = RefundPayment(order_id=paid.command.order_id, reason=reason)
    return Call(paid.saga_id, paid.step, Direction.BACKWARD, paid.epoch, command)


def waive(paid: Call[ProcessPayment], *, reason: str = "paid by bank transfer") -> Call[WaivePayment]:
    """Return the call that gives its refund up."""
    command = WaivePayment(
        order_id=paid.command.order_id, proposed_by="ines@example.com", approved_by="omar@example.com", reason=reason
    )
    return Call(paid.saga_id, paid.step, Direction.WAIVER, paid.epoch, command)


def worth(paid: Call[ProcessPayment], amount: str = "20.00", **fields: Any) -> dict[str, Any]:
    """Return what the commands about one receipt of an order's goods say."""
    about = {"order_id": paid.command.order_id, "return_id": new_id(), "receipt_id": new_id()}
    about |= {"amount": Decimal(amount), "currency": paid.command.currency, "reason": "damaged"}
    return about | fields


def hold(said: dict[str, Any]) -> HoldRefund:
    """Return the command that promises a receipt its money."""
    return HoldRefund(**said)


def release(said: dict[str, Any]) -> ReleaseRefund:
    """Return the command that takes the promise back."""
    return ReleaseRefund(**said)


def give_back(said: dict[str, Any], *, saga_id: UUID | None = None) -> Call[RefundReturn]:
    """Return the call that gives the money back."""
    return Call(saga_id or new_id(), "refund_return", Direction.FORWARD, 0, RefundReturn(**said))


def give_up(refund: Call[RefundReturn], *, because: str = "paid by bank transfer") -> Call[WaiveRefund]:
    """Return the call that gives it up."""
    said = {name: getattr(refund.command, name) for name in RECEIPT_FIELDS}
    command = WaiveRefund(
        **said, proposed_by="ines@example.com", approved_by="omar@example.com", waived_because=because
    )
    return Call(refund.saga_id, refund.step, Direction.WAIVER, refund.epoch, command)


RECEIPT_FIELDS = ("order_id", "return_id", "receipt_id", "amount", "currency", "reason")

_deliveries = Deliveries(payments)
prepare, perform, record = _deliveries.prepare, _deliveries.perform, _deliveries.record
deliver = _deliveries.deliver
