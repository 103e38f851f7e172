"""Lists of what came or is missing, by SKU: each item moves or is refused by itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from apps.catalog.models import InventoryMovement, ProductVariant
from apps.catalog.statements import DATABASE
from apps.catalog.wording import named
from apps.core.exceptions import DomainError

from .ledger import Because, Move, write_moves
from .locations import LocationNotFound, Shelves, find_places, locate, read_shelves
from .movements import StockCannotBeNegative, VariantNotFound
from .stock import LockedVariant, lock_variants

Type = InventoryMovement.Type
MOST_PIECES = 100_000_000


class TooMuchStock(DomainError):
    """More would be in stock of one variant than can be counted."""

    code = "too_much_stock"


@dataclass(frozen=True, slots=True, kw_only=True)
class StockItem:
    """
    Pieces of one SKU that came (positive) or are missing (negative); `reason` is an InventoryMovement.Reason.

    `location` is the code of the place; None for the usual one.
    """

    sku: str
    quantity: int
    reason: str | None = None
    notes: str | None = None
    location: str | None = None


@dataclass(slots=True, kw_only=True)
class Placing:
    """Which places a list names, by code, and what stands there as its items are served one by one."""

    places: Mapping[str, UUID]
    shelves: Shelves

    def refusal(self, item: StockItem, variant: LockedVariant, title: str) -> DomainError | None:
        """Say why the place of an item cannot give or take it; note what it gives or takes."""
        if item.location is not None and item.location not in self.places:
            return LocationNotFound(f"No location has the code {item.location}.")
        place = self.places[item.location] if item.location is not None else None
        if place is not None and item.quantity < 0 and not variant.allow_backorder:
            left = self.shelves.available(variant.id, place)
            if left + item.quantity < 0:
                return StockCannotBeNegative(
                    f"{title} has {left} left to sell at {item.location}; {-item.quantity} cannot leave."
                )
        if variant.is_located and item.quantity:
            self.shelves.move(variant.id, item.quantity, place)
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedItem:
    """What became of one item: the pieces that can be sold after it, or why it was refused."""

    item: StockItem
    inventory_quantity: int | None = None
    refusal: DomainError | None = None


def restock_items(*, items: Sequence[StockItem], because: Because) -> list[MovedItem]:
    """
    Take delivered goods into stock, quantities in pieces, at least 1. Not idempotent.

    An item that cannot be taken in is refused by itself and hinders no other. Three statements for any number, more
    where a product comes into stock or a variant has places. An item that names a place gives its variant places.

    Returns:
        What became of each item, in the order given.
    """
    return _move(Type.RESTOCK, items, because)


def adjust_items(*, items: Sequence[StockItem], because: Because) -> list[MovedItem]:
    """
    Correct the stock by what was found or is missing, in pieces; zero changes nothing. Not idempotent.

    What orders hold stays theirs. Items are served in the order given; one that would leave less than nothing to sell
    of a variant that is not sold below zero, at its place where it names one, is refused by itself. Three statements
    for any number, more where a product comes into stock or runs out of it, or a variant has places.

    Returns:
        What became of each item, in the order given.
    """
    return _move(Type.ADJUSTMENT, items, because)


def _move(movement_type: Type, items: Sequence[StockItem], because: Because) -> list[MovedItem]:
    with transaction.atomic(using=DATABASE):
        variants = lock_named(items)
        placing = _placing(items, variants)
        if placing:
            variants = lock_variants(variants)
        by_sku = {variant.sku: variant for variant in variants.values()}
        outcomes = _decide(items, by_sku, placing)
        moves = [
            Move(
                variant_id=by_sku[outcome.item.sku].id,
                quantity=outcome.item.quantity,
                reason=outcome.item.reason,
                notes=outcome.item.notes,
                location_id=placing.places[outcome.item.location] if placing and outcome.item.location else None,
            )
            for outcome in outcomes
            if outcome.refusal is None and outcome.item.quantity
        ]
        if moves:
            write_moves(movement_type, moves, variants, because)
    return outcomes


def lock_named(items: Sequence[StockItem]) -> dict[UUID, LockedVariant]:
    """Lock the variants that items name; unknown SKUs are left out."""
    meant = ProductVariant.objects.using(DATABASE).filter(sku__in={item.sku for item in items})
    return lock_variants(meant.values_list("id", flat=True))


def _placing(items: Sequence[StockItem], variants: Mapping[UUID, LockedVariant]) -> Placing | None:
    """Read the places that items name, and give the variants places of which these items name one; None without any."""
    codes = {item.location for item in items if item.location is not None}
    if not codes:
        return None
    places = find_places(codes)
    named_skus = {item.sku for item in items if item.location in places}
    locate([variant.id for variant in variants.values() if variant.sku in named_skus])
    located = [variant.id for variant in variants.values() if variant.is_located or variant.sku in named_skus]
    return Placing(places=places, shelves=read_shelves(located))


def _decide(
    items: Sequence[StockItem], variants: Mapping[str, LockedVariant], placing: Placing | None
) -> list[MovedItem]:
    left = {variant.sku: variant.inventory_quantity for variant in variants.values()}
    outcomes = []
    for item in items:
        variant = variants.get(item.sku)
        refusal = _refusal(item, variant, left)
        if refusal is None and variant is not None and placing:
            refusal = placing.refusal(item, variant, named(variant.full_title, variant.sku))
        if refusal is None:
            left[item.sku] += item.quantity
        outcomes.append(MovedItem(item=item, inventory_quantity=left.get(item.sku), refusal=refusal))
    return outcomes


def _refusal(item: StockItem, variant: LockedVariant | None, left: Mapping[str, int]) -> DomainError | None:
    if variant is None:
        return VariantNotFound(f"No variant has the SKU {item.sku}.")
    after = left[item.sku] + item.quantity
    title = named(variant.full_title, variant.sku)
    if item.quantity < 0 and after < 0 and not variant.allow_backorder:
        return StockCannotBeNegative(f"{title} has {left[item.sku]} left to sell; {-item.quantity} cannot leave.")
    if abs(after) > MOST_PIECES:
        return TooMuchStock(f"{title} would have {after} pieces; {MOST_PIECES} are the most.")
    return None
