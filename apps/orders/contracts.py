"""What orders is asked in a saga, what it answers, and what it announces."""

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from apps.sagas.messages import Command, Event, Refusal, Reply


class OrdersCommand(Command):
    """A command that orders handles, in the database where its sagas live."""

    participant = "orders"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmOrder(OrdersCommand):
    """Confirm a paid order whose stock is held. From here on nothing is undone, only carried on."""

    order_id: UUID


@dataclass(frozen=True, slots=True)
class OrderIsConfirmed(Reply):
    """The order is confirmed and paid."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderIsClosed(Refusal):
    """The order is not being processed any more, so it cannot be confirmed: it was cancelled, or failed."""

    code: ClassVar[str] = "order_closed"
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectOrder(OrdersCommand):
    """Close an order that could not be fulfilled; `code` and `reason` tell the buyer why."""

    order_id: UUID
    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class OrderIsRejected(Reply):
    """The order is closed as failed, with its reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptReturn(OrdersCommand):
    """Take received goods for ours. From here on nothing is undone: they are restocked and paid back."""

    return_id: UUID
    receipt_id: UUID


@dataclass(frozen=True, slots=True)
class ReturnIsAccepted(Reply):
    """The goods are ours, and the order says what came back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnIsNotReceived(Refusal):
    """The return is not being received by this receipt any more, so it cannot be accepted."""

    code: ClassVar[str] = "return_not_received"
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReopenReturn(OrdersCommand):
    """Undo a receipt: the return waits for its goods again; `reason` tells staff why."""

    return_id: UUID
    receipt_id: UUID
    reason: str


@dataclass(frozen=True, slots=True)
class ReturnIsReopened(Reply):
    """Nothing is left of the receipt, and its goods may be received anew."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseReturn(OrdersCommand):
    """Note that an accepted return's money has gone back."""

    return_id: UUID


@dataclass(frozen=True, slots=True)
class ReturnIsClosed(Reply):
    """The return is closed, and the order's financial status says how much of it went back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderPlaced(Event):
    """A buyer placed an order; it is being processed. Amounts in `currency` (ISO 4217)."""

    type: ClassVar[str] = "order.placed"
    aggregate: ClassVar[str] = "order"
    order_id: UUID
    order_number: str
    user_id: UUID | None
    total_price: Decimal
    currency: str

    @property
    def aggregate_id(self) -> UUID:
        return self.order_id


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderConfirmed(Event):
    """An order is paid and its stock is its own."""

    type: ClassVar[str] = "order.confirmed"
    aggregate: ClassVar[str] = "order"
    order_id: UUID
    order_number: str

    @property
    def aggregate_id(self) -> UUID:
        return self.order_id


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderRejected(Event):
    """An order failed; nothing of it is held and nothing was kept of its money."""

    type: ClassVar[str] = "order.failed"
    aggregate: ClassVar[str] = "order"
    order_id: UUID
    order_number: str
    code: str
    reason: str

    @property
    def aggregate_id(self) -> UUID:
        return self.order_id


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnEvent(Event):
    """Something that happened to a return; told in the order of its order's events."""

    aggregate: ClassVar[str] = "order"
    order_id: UUID
    return_id: UUID
    return_number: str

    @property
    def aggregate_id(self) -> UUID:
        return self.order_id


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderReturnRequested(ReturnEvent):
    """A buyer asks to give goods of an order back."""

    type: ClassVar[str] = "order.return_requested"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderReturnApproved(ReturnEvent):
    """Staff wait for the goods of a return."""

    type: ClassVar[str] = "order.return_approved"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderReturnRefused(ReturnEvent):
    """Staff said no to a return; `reason` says why."""

    type: ClassVar[str] = "order.return_refused"
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderReturnCancelled(ReturnEvent):
    """A return was called off before its goods came."""

    type: ClassVar[str] = "order.return_cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderReturned(ReturnEvent):
    """Goods of an order came back; `all_returned` is whether it was the last of them."""

    type: ClassVar[str] = "order.returned"
    all_returned: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderRefunded(ReturnEvent):
    """Money of an order went back for a return; `refund_amount` in `currency` (ISO 4217)."""

    type: ClassVar[str] = "order.refunded"
    refund_amount: Decimal
    currency: str
    financial_status: str
