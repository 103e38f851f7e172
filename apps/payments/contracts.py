"""What payments is asked in a saga, what it answers, and what it announces."""

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from apps.sagas.messages import Command, Event, Refusal, Reply


class PaymentsCommand(Command):
    """A command that payments handles."""

    participant = "payments"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessPayment(PaymentsCommand):
    """
    Take an order's money, once.

    `amount` in `currency` (ISO 4217), above zero; `payment_method` is the gateway's token, never a card number;
    `customer_id` is None for a guest; `reference` is what the buyer's statement shows, the order's number.
    """

    order_id: UUID
    customer_id: UUID | None
    amount: Decimal
    currency: str
    payment_method: str
    reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentSucceeded(Reply):
    """The money is ours; the ledger has its line."""

    payment_id: UUID
    gateway_reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentDeclined(Refusal):
    """The gateway refused for good; `reason` is its word (`insufficient_funds`). Nothing was charged."""

    code: ClassVar[str] = "payment_declined"
    message: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundPayment(PaymentsCommand):
    """Make sure an order's payment is not ours: cancel what may still happen, pay back what did."""

    order_id: UUID
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentRefunded(Reply):
    """The order's money, if any ever came, is back; a late charge under the same key is refused at the gateway."""

    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class WaivePayment(PaymentsCommand):
    """
    Give up paying an order's money back: no charge comes any more, and the ledger says who decided, and why.

    `proposed_by` and `approved_by` are two different people; `reason` is theirs.
    """

    order_id: UUID
    proposed_by: str
    approved_by: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentWaived(Reply):
    """The ledger has the adjustment of `amount`; zero, without a currency, where the gateway holds nothing."""

    amount: Decimal
    currency: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptCommand(PaymentsCommand):
    """
    A command about the money that one receipt of returned goods is worth.

    `amount` in `currency` (ISO 4217), zero or more: of zero nothing moves. `receipt_id` names the act of receiving the
    goods: one refund each. `reason` is why they came back, and is told to the gateway.
    """

    order_id: UUID
    return_id: UUID
    receipt_id: UUID
    amount: Decimal
    currency: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldRefund(ReceiptCommand):
    """Promise a part of an order's payment to a return, so that nobody else gives it back."""


@dataclass(frozen=True, slots=True)
class RefundHeld(Reply):
    """The amount is promised to the return; nothing has moved."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundExceedsPayment(Refusal):
    """Less is left of the order's payment than the return is worth; `available` is what is, in the same currency."""

    code: ClassVar[str] = "refund_exceeds_payment"
    message: str
    available: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseRefund(ReceiptCommand):
    """Undo HoldRefund; nothing held is fine."""


@dataclass(frozen=True, slots=True)
class RefundReleased(Reply):
    """Nothing is promised to the receipt any more, and a late promise is refused."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundReturn(ReceiptCommand):
    """Give back what HoldRefund promised, once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnRefunded(Reply):
    """The gateway gave the amount back, and the ledger has its line; zero where nothing was to be given back."""

    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class WaiveRefund(ReceiptCommand):
    """
    Give up giving back what HoldRefund promised: the gateway is asked no more, and the ledger says who decided.

    `proposed_by` and `approved_by` are two different people; `waived_because` is their reason.
    """

    proposed_by: str
    approved_by: str
    waived_because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundWaived(Reply):
    """The ledger has the adjustment of `amount`; zero where the gateway had given it back, or nothing was promised."""

    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentCaptured(Event):
    """Money for an order arrived."""

    type: ClassVar[str] = "payment.captured"
    aggregate: ClassVar[str] = "payment"
    payment_id: UUID
    order_id: UUID
    amount: Decimal
    currency: str

    @property
    def aggregate_id(self) -> UUID:
        return self.payment_id


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentReturned(Event):
    """Money for an order went back."""

    type: ClassVar[str] = "payment.refunded"
    aggregate: ClassVar[str] = "payment"
    payment_id: UUID
    order_id: UUID
    amount: Decimal
    currency: str

    @property
    def aggregate_id(self) -> UUID:
        return self.payment_id
