"""What notifications is asked in a saga and what it answers."""

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from apps.sagas.messages import Command, Reply


class NotificationsCommand(Command):
    """A command that notifications handles."""

    participant = "notifications"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmedLine:
    """One line of a confirmation; `quantity` in pieces, `unit_price` and `total` in the order's currency."""

    title: str
    variant_title: str
    quantity: int
    unit_price: Decimal
    total: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class SendConfirmationEmail(NotificationsCommand):
    """Tell the buyer that the order is confirmed, by one mail at most. Amounts in `currency` (ISO 4217)."""

    order_id: UUID
    order_number: str
    email: str
    currency: str
    subtotal_price: Decimal
    shipping_price: Decimal
    total_tax: Decimal
    total_discounts: Decimal
    total_price: Decimal
    lines: tuple[ConfirmedLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmationEmailSent(Reply):
    """
    The mail was handed over once, or nobody can know whether it was, or it never can be.

    `state` is `sent`; `unknown` when a crash fell between handing over and noting it: then it is never sent again; or
    `failed` when the mail server refused the address for good.
    """

    message_id: UUID
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnedLine:
    """One line of a return; `quantity` in pieces as they arrived, `refund` in the return's currency."""

    title: str
    variant_title: str
    quantity: int
    refund: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class SendReturnEmail(NotificationsCommand):
    """Tell the buyer that a return is complete, by one mail at most. Amounts in `currency` (ISO 4217)."""

    order_id: UUID
    order_number: str
    return_id: UUID
    return_number: str
    email: str
    currency: str
    shipping: Decimal
    refund: Decimal
    lines: tuple[ReturnedLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnEmailSent(Reply):
    """As ConfirmationEmailSent: `state` is `sent`, `unknown` or `failed`."""

    message_id: UUID
    state: str
