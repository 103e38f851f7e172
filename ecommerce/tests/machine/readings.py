"""Reading what the databases and the gateway say of one example, in as few statements as there are books."""

import json
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from apps.sagas.definition import Saga
from apps.sagas.registry import SAGAS
from ecommerce.testing.books import fetch

from .world import World

SAGAS_OF = """
SELECT s.id, s.order_id, o.status, o.total_price, s.version, s.status, s.hold, s.step, s.direction, s.states,
    s.lane, s.effects_open, s.failures, s.seq,
    s.finished_at IS NULL AND s.hold IS NULL AND s.due_at <= clock_timestamp()
FROM (
    SELECT id, order_id, version, status, hold, step, direction, lane, states::text, effects_open, failures, seq,
        finished_at, due_at
    FROM saga_transactions WHERE order_id = ANY(%(ids)s)
    UNION ALL
    SELECT id, order_id, version, status, hold, step, direction, lane, states::text, effects_open, failures, seq,
        finished_at, due_at
    FROM saga_archive WHERE order_id = ANY(%(ids)s)
) AS s
JOIN orders o ON o.id = s.order_id
ORDER BY s.id
"""


@dataclass(frozen=True, slots=True)
class Row:
    """One saga and its order, as the orders database has them."""

    id: UUID
    order_id: UUID
    order_status: str
    total: Decimal
    version: int
    status: str
    hold: str | None
    step: int
    direction: str
    states_text: str
    lane: str
    effects_open: int
    failures: int
    seq: int
    is_due: bool

    @property
    def saga(self) -> Saga | None:
        """Its definition, where this process knows it."""
        return SAGAS.get(("order_processing", self.version))

    @property
    def states(self) -> list[str]:
        states: list[str] = json.loads(self.states_text)
        return states

    def state_of(self, step: str) -> str | None:
        """How a step stands; None where its definition is unknown, or has no such step."""
        names = [one.name for one in self.saga.steps] if self.saga else []
        return dict(zip(names, self.states, strict=True)).get(step) if names else None


def sagas_of(world: World) -> list[Row]:
    """Return every saga of the world's orders, living or archived."""
    return [Row(*row) for row in fetch("orders", SAGAS_OF, ids=world.orders)]


def stock_of(world: World) -> list[tuple[UUID, int, int, int]]:
    """Return of each variant what can be sold, what is held, and what was sold, in pieces."""
    return [
        (variant, left, held, sold)
        for variant, left, held, sold in fetch(
            "catalog",
            "SELECT v.id, v.inventory_quantity, v.reserved_quantity,"
            " (SELECT coalesce(-sum(m.quantity), 0)::int FROM inventory_movements m"
            "  WHERE m.product_variant_id = v.id AND m.movement_type = 'sale')"
            " FROM product_variants v WHERE v.id = ANY(%s)",
            list(world.stock),
        )
    ]


def charges_of(world: World) -> list[tuple[UUID, Decimal, Decimal]]:
    """Return every charge that the gateway itself holds for the world's orders: what was charged, and paid back."""
    with closing(sqlite3.connect(f"file:{world.judges.gateway.store}?mode=ro", uri=True)) as db:
        found = db.execute("SELECT order_id, amount, refunded FROM charges WHERE state = 'succeeded'").fetchall()
    ours = {str(order_id): order_id for order_id in world.orders}
    return [(ours[one], amount_of(amount), amount_of(refunded)) for one, amount, refunded in found if one in ours]


def amount_of(units: int) -> Decimal:
    """Return what the gateway's store counts in ten-thousandths."""
    return Decimal(units).scaleb(-4)


def ledger_of(world: World) -> dict[tuple[UUID, str], Decimal]:
    """Return what the ledger says of each order, by kind of line."""
    rows = fetch(
        "payments",
        "SELECT order_id, kind, sum(amount) FROM payment_ledger WHERE order_id = ANY(%s) GROUP BY order_id, kind",
        world.orders,
    )
    return {(order_id, kind): amount for order_id, kind, amount in rows}


def letters_of(sagas: Sequence[Row]) -> list[tuple[UUID, str, str, str]]:
    """Return the dead letters of these sagas: saga, step, direction, state."""
    return [
        (saga_id, step, direction, state)
        for saga_id, step, direction, state in fetch(
            "orders",
            "SELECT saga_id, step, direction, state FROM saga_dead_letters WHERE saga_id = ANY(%s)",
            [one.id for one in sagas],
        )
    ]


def inboxes_of(sagas: Sequence[Row]) -> dict[tuple[UUID, str, str], str]:
    """Return what every inbox has of these sagas: an outcome by saga, step and direction."""
    return {
        (saga_id, step, direction): outcome
        for alias in ("catalog", "payments", "notifications")
        for saga_id, step, direction, outcome in fetch(
            alias,
            "SELECT saga_id, step, direction, outcome FROM saga_inbox WHERE saga_id = ANY(%s) ORDER BY saga_id, step",
            [one.id for one in sagas],
        )
    }


def mails_of(world: World) -> dict[UUID, str]:
    """Return how the mail of each order stands; an order without one is missing."""
    return dict(fetch("notifications", "SELECT order_id, state FROM messages WHERE order_id = ANY(%s)", world.orders))


def compensated_of(sagas: Sequence[Row]) -> dict[UUID, list[str]]:
    """Return the steps of each saga that were undone, in that order."""
    undone: dict[UUID, list[str]] = {}
    for saga_id, step in fetch(
        "orders",
        "SELECT saga_id, step FROM saga_events WHERE saga_id = ANY(%s) AND kind = 'compensated' ORDER BY saga_id, seq",
        [one.id for one in sagas],
    ):
        undone.setdefault(saga_id, []).append(step)
    return undone
