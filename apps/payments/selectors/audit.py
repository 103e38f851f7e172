"""What the ledger says of orders, for whoever compares it with them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from apps.payments.statements import SQL

NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """One line of the ledger; `kind` is capture, refund or waiver, and `effect_id` the effect it is the line of."""

    order_id: UUID
    kind: str
    amount: Decimal
    currency: str
    effect_id: UUID
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Money:
    """What the ledger says of one order, oldest first; amounts in the order's currency."""

    movements: tuple[Movement, ...] = ()

    def of_kind(self, kind: str) -> list[Movement]:
        """Return the movements of one kind."""
        return [line for line in self.movements if line.kind == kind]

    @property
    def captured(self) -> Decimal:
        """What was taken."""
        return sum((line.amount for line in self.of_kind("capture")), NOTHING)

    @property
    def held(self) -> Decimal:
        """What the gateway should hold: what was taken less what was given back."""
        return self.captured + sum((line.amount for line in self.of_kind("refund")), NOTHING)

    @property
    def worth(self) -> Decimal:
        """What the order is worth by the ledger: what is held, less what two people gave up giving back."""
        return sum((line.amount for line in self.movements), NOTHING)


def list_money(*, order_ids: Sequence[UUID]) -> dict[UUID, Money]:
    """Return what the ledger says of each of these orders; of an order without money, nothing. One statement."""
    lines: dict[UUID, list[Movement]] = defaultdict(list)
    for movement in SQL.rows("list_money", Movement, ids=list(order_ids)) if order_ids else []:
        lines[movement.order_id].append(movement)
    return {order_id: Money(tuple(lines[order_id])) for order_id in order_ids}


@dataclass(frozen=True, slots=True, kw_only=True)
class PromisedRefund:
    """
    What was promised to one act of receiving goods; `state` is held, released, calling, succeeded or waived.

    `given_back` is what the ledger says went back of it, in `currency` (ISO 4217).
    """

    receipt_id: UUID
    state: str
    amount: Decimal
    currency: str
    given_back: Decimal


def list_promised_refunds(*, receipt_ids: Sequence[UUID]) -> dict[UUID, PromisedRefund]:
    """Return what was promised to each receipt, by receipt; nothing of one that was promised nothing. One statement."""
    found = SQL.rows("list_promised_refunds", PromisedRefund, ids=list(receipt_ids)) if receipt_ids else []
    return {one.receipt_id: one for one in found}
