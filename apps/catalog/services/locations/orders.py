"""Where the stock of orders is held, goes back to, and leaves from."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from apps.catalog.contracts import StockLine
from apps.catalog.statements import SQL

from .levels import LevelChange, Type, read_shelves, write_levels


@dataclass(frozen=True, slots=True)
class HeldPlace:
    """Pieces of one order's reservation that one place holds."""

    order_id: UUID
    variant_id: UUID
    location_id: UUID
    quantity: int


def hold_levels(lines: Sequence[tuple[UUID, StockLine]]) -> None:
    """Hold lines of orders, of located variants, in the order given, each at one place where one has all of it."""
    if not lines:
        return
    shelves = read_shelves(line.variant_id for _, line in lines)
    changes = [
        LevelChange(
            variant_id=line.variant_id, location_id=place, available=added, reserved=-added, reference_id=order_id
        )
        for order_id, line in lines
        for place, added in shelves.move(line.variant_id, -line.quantity)
    ]
    write_levels(Type.SALE, changes)


def release_levels(held: Sequence[tuple[UUID, UUID]]) -> None:
    """Give held reservations of located variants, by order and variant, back to the places that hold them."""
    _end(held, is_back=True)


def sell_levels(held: Sequence[tuple[UUID, UUID]]) -> None:
    """Let held reservations of located variants, by order and variant, leave the places that hold them."""
    _end(held, is_back=False)


def _end(held: Sequence[tuple[UUID, UUID]], *, is_back: bool) -> None:
    if not held:
        return
    orders, variants = zip(*held, strict=True)
    places = SQL.rows("list_held_places", HeldPlace, orders=list(orders), variants=list(variants))
    changes = [
        LevelChange(
            variant_id=place.variant_id,
            location_id=place.location_id,
            available=place.quantity if is_back else 0,
            reserved=-place.quantity,
            reference_id=place.order_id,
        )
        for place in places
    ]
    write_levels(Type.SALE, changes)
