"""What orders say of themselves, for whoever compares them with money, stock and mails."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from apps.orders.statements import SQL


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderFacts:
    """
    One order. Amounts in `currency` (ISO 4217).

    `returned` is what its closed returns were worth, `returning` what those are worth whose goods are in and whose
    money may or may not have gone back yet; `pieces` has the quantity of each variant; `ends` are the ends that its
    history tells: confirmed, failed, or both.
    """

    order_id: UUID
    status: str
    financial_status: str
    currency: str
    total: Decimal
    returned: Decimal
    returning: Decimal
    pieces: dict[UUID, int]
    ends: tuple[str, ...]


def list_order_facts(*, order_ids: Sequence[UUID]) -> dict[UUID, OrderFacts]:
    """Return what each order says of itself, by id; unknown orders are left out. One statement, none for no order."""
    rows = SQL.rows("list_order_facts", ids=list(order_ids)) if order_ids else []
    return {
        row["order_id"]: OrderFacts(
            **row
            | {
                "pieces": {UUID(variant_id): int(pieces) for variant_id, pieces in row["pieces"].items()},
                "ends": tuple(row["ends"]),
            }
        )
        for row in rows
    }
