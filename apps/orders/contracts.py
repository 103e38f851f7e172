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
