"""Calls as the engine makes them, and their delivery; messages as they stand in the table."""

from decimal import Decimal
from typing import Any

import factory
from django.contrib.postgres.functions import TransactionNow

from apps.core.ids import new_id
from apps.notifications.contracts import ConfirmedLine, ReturnedLine, SendConfirmationEmail, SendReturnEmail
from apps.notifications.handlers import notifications
from apps.notifications.models import Message
from apps.sagas.messages import Call, Direction
from apps.sagas.testing import Deliveries

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


class SendReturnEmailFactory(factory.Factory[SendReturnEmail]):
    class Meta:
        model = SendReturnEmail

    order_id = factory.LazyFunction(new_id)
    order_number = factory.Sequence(lambda n: f"ORD-{n:06}")
    return_id = factory.LazyFunction(new_id)
    return_number = factory.Sequence(lambda n: f"RET-{n:06}")
    email = factory.Sequence(lambda n: f"ada{n}@example.org")
    currency = "USD"
    shipping = Decimal("4.90")
    refund = Decimal("34.85")
    lines = (ReturnedLine(title="Teapot", variant_title="Blue", quantity=1, refund=Decimal("29.95")),)


def complete(**fields: Any) -> Call[SendReturnEmail]:
    """Return the call that tells a buyer that a return is complete."""
    command = SendReturnEmailFactory.build(**fields)
    return Call(new_id(), "send_return_email", Direction.FORWARD, 0, command)


_deliveries = Deliveries(notifications)
prepare, perform, record = _deliveries.prepare, _deliveries.perform, _deliveries.record
deliver = _deliveries.deliver


def a_message(**fields: Any) -> Message:
    """Return a stored message; fields replace its defaults."""
    defaults: dict[str, Any] = {
        "kind": "order_confirmation",
        "order_id": new_id(),
        "recipient": "ada@example.org",
        "subject": "Your order",
        "text": "Thank you",
        "html": "<p>Thank you</p>",
    }
    fields = defaults | fields
    if fields.get("state") == "sent":
        fields["sent_at"] = TransactionNow()
    return Message.objects.create(**fields)
