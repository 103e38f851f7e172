"""Calls as the engine makes them, and a stand-in for the engine: prepare, perform and record, each in its commit."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import factory
from django.db import transaction

from apps.core.ids import new_id
from apps.notifications.contracts import ConfirmedLine, SendConfirmationEmail
from apps.notifications.handlers import notifications
from apps.notifications.services import Mail
from apps.sagas.messages import Call, Direction, Reply, Unknown

Confirmation = Call[SendConfirmationEmail]


class ConfirmedLineFactory(factory.Factory[ConfirmedLine]):
    class Meta:
        model = ConfirmedLine

    title = "Teapot"
    variant_title = "Blue"
    quantity = 2
    unit_price = Decimal("29.95")
    total = Decimal("59.90")


class SendConfirmationEmailFactory(factory.Factory[SendConfirmationEmail]):
    class Meta:
        model = SendConfirmationEmail

    order_id = factory.LazyFunction(new_id)
    order_number = factory.Sequence(lambda n: f"ORD-{n:06}")
    email = factory.Sequence(lambda n: f"ada{n}@example.org")
    currency = "USD"
    subtotal_price = Decimal("59.90")
    shipping_price = Decimal("4.90")
    total_tax = Decimal("0.00")
    total_discounts = Decimal("0.00")
    total_price = Decimal("64.80")
    lines = factory.LazyFunction(lambda: (ConfirmedLineFactory.build(),))


def confirm(**fields: Any) -> Confirmation:
    """Return the call that tells a buyer."""
    command = SendConfirmationEmailFactory.build(**fields)
    return Call(new_id(), "send_confirmation_email", Direction.FORWARD, 0, command)


EXTERNAL = notifications.external(SendConfirmationEmail)


def prepare(calls: Sequence[Confirmation]) -> list[Any]:
    with transaction.atomic(using="notifications"):
        return list(EXTERNAL.prepare(calls))


def perform(works: Sequence[Mail]) -> list[Any]:
    return list(EXTERNAL.perform(works))


def record(works: Sequence[Mail], results: Sequence[Any]) -> list[Reply | Unknown]:
    with transaction.atomic(using="notifications"):
        return list(EXTERNAL.record(works, results))


def deliver(*calls: Confirmation) -> list[Reply | Unknown]:
    """Handle a batch as the engine does; return its replies in order."""
    prepared = prepare(calls)
    works = [work for work in prepared if not isinstance(work, Reply)]
    replies = iter(record(works, perform(works)) if works else [])
    return [work if isinstance(work, Reply) else next(replies) for work in prepared]
