"""Reading all five databases, and the gateway, to see whether they agree about an order."""

import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connections

from apps.core.pools import close_connections

from .stack import Stack

Stock = dict[UUID, tuple[int, int, int]]
"""For sale, held and sold, in pieces, by variant."""
STOCK = """
SELECT v.id, v.inventory_quantity, v.reserved_quantity,
       (SELECT coalesce(-sum(m.quantity), 0) FROM inventory_movements m
        WHERE m.product_variant_id = v.id AND m.movement_type = 'sale')
FROM product_variants v
WHERE v.id = ANY(%s)
"""


def fetch(alias: str, sql: str, *params: Any, **named: Any) -> list[tuple[Any, ...]]:
    """Return the rows of a query, with its parameters in order or by name."""
    with connections[alias].cursor() as cursor:
        cursor.execute(sql, named or params)
        return cursor.fetchall()


def stock_of(variant_id: str | UUID) -> tuple[int, int]:
    """Return what can be sold of a variant and what is held, in pieces."""
    rows = fetch(
        "catalog", "SELECT inventory_quantity, reserved_quantity FROM product_variants WHERE id = %s", variant_id
    )
    return rows[0][0], rows[0][1]


def sold_of(variant_id: str | UUID) -> int:
    """Return how many pieces of a variant left as sales, by the ledger of movements."""
    rows = fetch(
        "catalog",
        "SELECT coalesce(-sum(quantity), 0) FROM inventory_movements"
        " WHERE product_variant_id = %s AND movement_type = 'sale'",
        variant_id,
    )
    return int(rows[0][0])


def stock_of_all(variant_ids: Iterable[UUID]) -> Stock:
    """Return the stock of these variants; what was sold of each, by the ledger of movements."""
    rows = fetch("catalog", STOCK, list(variant_ids))
    return {variant_id: (left, held, int(sold)) for variant_id, left, held, sold in rows}


def stock_after(stock: Mapping[UUID, int], sold: Iterable[UUID]) -> Stock:
    """Return what must be left of a stock, in pieces, when these pieces of it were sold and none is held."""
    pieces = Counter(sold)
    return {variant_id: (count - pieces[variant_id], 0, pieces[variant_id]) for variant_id, count in stock.items()}


def ledger_of(order_id: str | UUID) -> list[tuple[str, Decimal]]:
    """Return the lines of the payments ledger for an order, in order."""
    return [
        (kind, amount)
        for kind, amount in fetch(
            "payments", "SELECT kind, amount FROM payment_ledger WHERE order_id = %s ORDER BY created_at", order_id
        )
    ]


def saga_status(order_id: str | UUID) -> str:
    """Return the status of an order's saga."""
    rows = fetch("orders", "SELECT status FROM saga_transactions WHERE order_id = %s", order_id)
    assert len(rows) == 1, f"order {order_id} has {len(rows)} sagas"
    return str(rows[0][0])


def unfinished(order_ids: Sequence[UUID] | None = None) -> int:
    """Return how many sagas have not ended and wait for nobody: those of these orders, or all."""
    rows = fetch(
        "orders",
        "SELECT count(*) FROM saga_transactions"
        " WHERE finished_at IS NULL AND hold IS NULL AND (%(ids)s::uuid[] IS NULL OR order_id = ANY(%(ids)s))",
        ids=order_ids,
    )
    return int(rows[0][0])


def let_leases_pass() -> None:
    """Make every unfinished saga due now: what the dead hold, what the living hold, and what was to wait."""
    fetch("orders", "UPDATE saga_transactions SET due_at = clock_timestamp() WHERE finished_at IS NULL RETURNING id")


def recover(order_ids: Sequence[UUID], *, most_seconds: float = 60.0, hurried_seconds: float = 5.0) -> float:
    """
    Wait until the saga of each order has ended, and return the seconds it took.

    Every so often what the dead hold, and what was to wait, is made due.
    """
    began = hurried_at = time.monotonic()
    # Lines to servers that broke are broken for this process too.
    close_connections()
    while left := unfinished(order_ids):
        assert time.monotonic() - began < most_seconds, f"{left} sagas do not end"
        time.sleep(0.2)
        if time.monotonic() - hurried_at > hurried_seconds:
            let_leases_pass()
            hurried_at = time.monotonic()
    return time.monotonic() - began


def charges_of(stack: Stack, order_id: str | UUID) -> list[dict[str, Any]]:
    """Return what the gateway itself knows of an order."""
    return stack.gateway.charges(order_id)
