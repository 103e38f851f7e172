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
    money may or may not have gone back yet; `pieces` has the quantity of each variant, `came_back` what of it is ours
    again and can be sold; `ends` are the ends that its history tells: confirmed, failed, or both.
    """

    order_id: UUID
    status: str
    financial_status: str
    currency: str
    total: Decimal
    returned: Decimal
    returning: Decimal
    pieces: dict[UUID, int]
    came_back: dict[UUID, int]
    ends: tuple[str, ...]


def list_order_facts(*, order_ids: Sequence[UUID]) -> dict[UUID, OrderFacts]:
    """Return what each order says of itself, by id; unknown orders are left out. One statement, none for no order."""
    rows = SQL.rows("list_order_facts", ids=list(order_ids)) if order_ids else []
    return {
        row["order_id"]: OrderFacts(
            **row
            | {
                "pieces": _counted(row["pieces"]),
                "came_back": _counted(row["came_back"]),
                "ends": tuple(row["ends"]),
            }
        )
        for row in rows
    }


def _counted(pieces: dict[str, int]) -> dict[UUID, int]:
    return {UUID(variant_id): int(count) for variant_id, count in pieces.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnFacts:
    """One return, by the act of receiving that it names last; `refund` is its worth in `currency` (ISO 4217)."""

    receipt_id: UUID
    return_id: UUID
    status: str
    currency: str
    refund: Decimal | None


def list_return_facts(*, receipt_ids: Sequence[UUID]) -> dict[UUID, ReturnFacts]:
    """Return what each return says of itself, by receipt; one that was received anew is left out. One statement."""
    found = SQL.rows("list_return_facts", ReturnFacts, ids=list(receipt_ids)) if receipt_ids else []
    return {one.receipt_id: one for one in found}
