"""Calls as the engine makes them, and a stand-in for the engine: prepare, perform and record, each in its commit."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

import factory
from django.db import transaction

from apps.core.ids import new_id
from apps.payments.contracts import ProcessPayment, RefundPayment
from apps.payments.handlers import payments
from apps.sagas.messages import Call, Direction, Reply, Unknown

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


def prepare(calls: Sequence[Call[Any]]) -> Sequence[Any]:
    with transaction.atomic(using="payments"):
        return payments.external(type(calls[0].command)).prepare(calls)


def perform(calls: Sequence[Call[Any]], works: Sequence[Any]) -> Sequence[Any]:
    return payments.external(type(calls[0].command)).perform(works)


def record(calls: Sequence[Call[Any]], works: Sequence[Any], results: Sequence[Any]) -> Sequence[Reply | Unknown]:
    with transaction.atomic(using="payments"):
        return payments.external(type(calls[0].command)).record(works, results)


def deliver(*calls: Call[Any]) -> list[Reply | Unknown]:
    """Handle a batch, all of one kind of command, as the engine does; return its replies in order."""
    prepared = list(prepare(calls))
    works = [work for work in prepared if not isinstance(work, Reply)]
    replies = iter(record(calls, works, perform(calls, works)) if works else [])
    return [work if isinstance(work, Reply) else next(replies) for work in prepared]
