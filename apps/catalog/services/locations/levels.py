"""Which places give and take the pieces of located variants, and writing that down."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from uuid import UUID

from apps.catalog.models import LocationMovement
from apps.catalog.statements import SQL

Type = LocationMovement.Type


@dataclass(slots=True)
class Level:
    """What can be sold of a variant from one place, in pieces; changes as a batch is served."""

    variant_id: UUID
    location_id: UUID
    available: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelChange:
    """What becomes of one level, in pieces; a raised `reserved` is a hold of the order `reference_id`."""

    variant_id: UUID
    location_id: UUID
    available: int = 0
    reserved: int = 0
    reference_id: UUID | None = None


class Shelves:
    """The levels of some locked variants at all active places, each variant's in the order in which orders take."""

    def __init__(self, levels: Iterable[Level]) -> None:
        self._of = {variant: list(own) for variant, own in groupby(levels, attrgetter("variant_id"))}

    def available(self, variant_id: UUID, location_id: UUID) -> int:
        """Return what can be sold of a variant from a place; 0 where the place is closed."""
        return sum(level.available for level in self._of[variant_id] if level.location_id == location_id)

    def move(self, variant_id: UUID, quantity: int, location_id: UUID | None = None) -> list[tuple[UUID, int]]:
        """
        Add pieces to what can be sold, or take them, and return what that adds to each place.

        Without a place, what comes goes to the first, and what leaves leaves the first place that has all of it, else
        place after place; what none has is owed by the first.
        """
        if location_id is not None:
            (here,) = (level for level in self._of[variant_id] if level.location_id == location_id)
            shares = [(here, quantity)]
        elif quantity > 0:
            shares = [(self._of[variant_id][0], quantity)]
        else:
            shares = [(level, -taken) for level, taken in _allocate(self._of[variant_id], -quantity)]
        for level, added in shares:
            level.available += added
        return [(level.location_id, added) for level, added in shares]


def _allocate(levels: Sequence[Level], quantity: int) -> list[tuple[Level, int]]:
    for level in levels:
        if level.available >= quantity:
            return [(level, quantity)]
    taken = [min(max(level.available, 0), quantity) for level in levels]
    left = quantity
    for number, most in enumerate(taken):
        taken[number] = min(most, left)
        left -= taken[number]
    taken[0] += left
    return [(level, pieces) for level, pieces in zip(levels, taken, strict=True) if pieces]


def read_shelves(variant_ids: Iterable[UUID]) -> Shelves:
    """Read the levels of located variants that this transaction has locked. One statement."""
    return Shelves(SQL.rows("list_levels", Level, variants=sorted(set(variant_ids))))


def write_levels(movement_type: Type, changes: Sequence[LevelChange], *, user_id: UUID | None = None) -> None:
    """Write changes to the levels of variants that this transaction has locked. One statement."""
    SQL.run(
        "write_levels",
        movement_type=movement_type.value,
        variants=[change.variant_id for change in changes],
        locations=[change.location_id for change in changes],
        available=[change.available for change in changes],
        reserved=[change.reserved for change in changes],
        references=[change.reference_id for change in changes],
        user_id=user_id,
    )


def move_levels(
    movement_type: Type,
    moves: Sequence[tuple[UUID, int, UUID | None]],
    *,
    reference_id: UUID | None = None,
    user_id: UUID | None = None,
) -> None:
    """
    Let levels follow what came or left: a located variant, pieces, and the place, None for the usual one.

    Two statements, none without moves.
    """
    if not moves:
        return
    shelves = read_shelves(variant for variant, _, _ in moves)
    changes = [
        LevelChange(variant_id=variant, location_id=place, available=added, reference_id=reference_id)
        for variant, quantity, where in moves
        for place, added in shelves.move(variant, quantity, where)
    ]
    write_levels(movement_type, changes, user_id=user_id)


def settle_levels(*, variant_ids: Sequence[UUID], reference_id: UUID) -> None:
    """
    Let the levels of located variants, locked ones, follow quantities that another statement has set.

    One statement, three where a quantity changed; the difference is an adjustment at the usual places.
    """
    unsettled = SQL.rows("list_unsettled", variants=list(variant_ids))
    moves = [(row["variant_id"], row["quantity"], None) for row in unsettled]
    move_levels(Type.ADJUSTMENT, moves, reference_id=reference_id)
