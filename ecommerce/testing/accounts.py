"""What became of every order, by all five databases, the gateway and the mailbox: what is lost, what happened twice."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID

from apps.payments.testing import RunningGateway

from .books import Stock, fetch, stock_after
from .market import Shop
from .shop import PRICE
from .stack import Stack

NUMBER_IN_SUBJECT = re.compile(r"^Subject: .*\b([A-Z]+-[0-9A-Za-z]+)\b", re.MULTILINE)
ENDS = {"confirmed": "completed", "failed": "failed"}
"""How the saga of an order has ended, by the order's status."""
NOBODY = (None, None, None)


@dataclass(frozen=True, kw_only=True)
class Account:
    """What is known of one order."""

    order_id: UUID
    status: str | None
    saga: str | None
    ledger: Sequence[tuple[str, Any]]
    charges: Sequence[dict[str, Any]]
    mails: int
    total: Any

    @property
    def captures(self) -> int:
        """How often its money was taken, by whichever of the two books knows of more."""
        taken = sum(charge["state"] == "succeeded" for charge in self.charges)
        return max(taken, sum(kind == "capture" for kind, _ in self.ledger))

    @property
    def net(self) -> tuple[Any, float]:
        """What of its money is ours, by the ledger and by the gateway."""
        kept = sum(float(charge["amount"]) - float(charge["refunded"]) for charge in self.charges)
        return sum(amount for _, amount in self.ledger), kept

    def lost(self) -> Iterator[str]:
        """Say what should have happened and did not."""
        if self.status not in ENDS:
            yield f"{self.order_id} is {self.status}"
        elif self.saga != ENDS[self.status]:
            yield f"{self.order_id} is {self.status}, its saga {self.saga}"
        due = self.total if self.status == "confirmed" else 0
        if self.net != (due, float(due)):
            yield f"{self.order_id} is {self.status}, its money {self.net}"

    def doubled(self) -> Iterator[str]:
        """Say what happened more often than it may."""
        if self.captures > 1:
            yield f"{self.order_id} was charged {self.captures} times"
        if self.mails > (self.status == "confirmed"):
            yield f"{self.order_id} is {self.status} and got {self.mails} mails"


class Witnesses(Protocol):
    """The gateway, and the text of every mail that was handed over; a Stack has both."""

    gateway: RunningGateway

    @property
    def mails(self) -> list[str]: ...


@dataclass(frozen=True)
class Judges:
    """A gateway and a mail server without the rest of a shop; `mailbox` is where each mail lies as a file."""

    gateway: RunningGateway
    mailbox: Path

    @property
    def mails(self) -> list[str]:
        return [mail.read_text() for mail in self.mailbox.iterdir()]


def accounts(shop: Shop, stack: Stack) -> list[Account]:
    """Return what is known of each order that the shop placed; two pieces of one price each."""
    return accounts_of(
        list(shop.baskets), stack, {order: len(basket) * PRICE for order, basket in shop.baskets.items()}
    )


def accounts_of(placed: Sequence[UUID], stack: Witnesses, totals: Mapping[UUID, Any] | None = None) -> list[Account]:
    """Return what is known of each of these orders; without `totals` the orders themselves say what they cost."""
    orders = {
        order_id: (status, number, total)
        for order_id, status, number, total in fetch(
            "orders", "SELECT id, status, order_number, total_price FROM orders WHERE id = ANY(%s)", placed
        )
    }
    due = totals or {order_id: total for order_id, (_, _, total) in orders.items()}
    sagas = dict(fetch("orders", "SELECT order_id, status FROM saga_transactions WHERE order_id = ANY(%s)", placed))
    lines, charges = defaultdict(list), defaultdict(list)
    for order_id, kind, amount in fetch(
        "payments", "SELECT order_id, kind, amount FROM payment_ledger WHERE order_id = ANY(%s)", placed
    ):
        lines[order_id].append((kind, amount))
    for charge in stack.gateway.all_charges():
        charges[charge["order_id"]].append(charge)
    mails = Counter(number for mail in stack.mails for number in NUMBER_IN_SUBJECT.findall(mail))
    return [
        Account(
            order_id=order_id,
            status=orders.get(order_id, NOBODY)[0],
            saga=sagas.get(order_id),
            ledger=lines[order_id],
            charges=charges[str(order_id)],
            mails=mails[orders.get(order_id, NOBODY)[1]],
            total=due.get(order_id),
        )
        for order_id in placed
    ]


def stock_expected(shop: Shop, confirmed: Sequence[UUID]) -> Stock:
    """Return the stock of a shop as these orders must have left it."""
    return stock_after(shop.stock, (variant_id for order_id in confirmed for variant_id in shop.baskets[order_id]))
