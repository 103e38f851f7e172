"""Writing lines of the ledger of stock, and with them what can be sold."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from apps.catalog.models import InventoryMovement, LocationMovement
from apps.catalog.statements import SQL
from apps.core.ids import new_id

from .locations import move_levels
from .stock import LockedVariant, StockStep, tell_flips, tell_lows


@dataclass(frozen=True, slots=True, kw_only=True)
class Because:
    """
    Why stock moved: the document that asked for it, the person who did it, a reason and a note. All may be left out.

    `reason` is one of InventoryMovement.Reason.
    """

    reference_id: UUID | None = None
    reference_type: str | None = None
    user_id: UUID | None = None
    reason: str | None = None
    notes: str | None = None


NO_REASON = Because()


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """
    One line to write: pieces that came (positive) or left (negative), never 0.

    `location_id` is an open place, for a located variant only; None for the usual one.
    """

    variant_id: UUID
    quantity: int
    reason: str | None = None
    notes: str | None = None
    counted_at: datetime | None = None
    location_id: UUID | None = None


def write_moves(
    movement_type: InventoryMovement.Type,
    moves: Sequence[Move],
    variants: Mapping[UUID, LockedVariant],
    because: Because,
) -> None:
    """
    Write moves of locked variants and tell what they change. Reasons and notes are the moves'.

    One statement, three where a variant has places.
    """
    steps = SQL.rows(
        "move_stock",
        StockStep,
        movement_type=movement_type.value,
        ids=[new_id() for _ in moves],
        variants=[move.variant_id for move in moves],
        quantities=[move.quantity for move in moves],
        reasons=[move.reason for move in moves],
        notes=[move.notes for move in moves],
        times=[move.counted_at for move in moves],
        reference_id=because.reference_id,
        reference_type=because.reference_type,
        user_id=because.user_id,
    )
    move_levels(
        LocationMovement.Type(movement_type.value),
        [(move.variant_id, move.quantity, move.location_id) for move in moves if variants[move.variant_id].is_located],
        reference_id=because.reference_id,
        user_id=because.user_id,
    )
    tell_flips(steps)
    tell_lows(steps, variants)
