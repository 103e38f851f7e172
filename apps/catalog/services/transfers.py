"""Carrying stock from one place to another."""

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction

from apps.catalog.models import LocationMovement
from apps.catalog.statements import DATABASE
from apps.catalog.wording import named
from apps.core.exceptions import DomainError, InvalidInput

from .locations import LevelChange, LocationNotFound, Shelves, find_places, locate, read_shelves, write_levels
from .movements import VariantNotFound
from .stock import LockedVariant
from .stock_lists import MovedItem, StockItem, lock_named


class NotEnoughThere(DomainError):
    """The place has fewer pieces that no order holds."""

    code = "not_enough_at_location"


def transfer_stock(
    *, items: Sequence[StockItem], source: str, destination: str, transfer_id: UUID, user_id: UUID | None = None
) -> list[MovedItem]:
    """
    Carry pieces, at least 1 of each item, between two places by their codes; what orders hold stays. Not idempotent.

    What can be sold of a variant stays what it is. Items are served in the order given, and one that the source has not
    is refused by itself. A variant without places gets them first, at the first of all. Two lines of the ledger of
    places a moved item, under `transfer_id`.

    Returns:
        What became of each item, in the order given; the quantity of each is what can be sold over all places.

    Raises:
        LocationNotFound, InvalidInput: a place is unknown or closed, or both are one. Nothing is moved.
    """
    if source == destination:
        raise InvalidInput("It stands there already.", errors={"to_location": ["Name another place than they leave."]})
    with transaction.atomic(using=DATABASE):
        variants = lock_named(items)
        places = find_places((source, destination))
        if missing := sorted({source, destination} - places.keys()):
            raise LocationNotFound(f"No location has the code {', '.join(missing)}.")
        locate(variants.keys())
        shelves = read_shelves(variants)
        by_sku = {variant.sku: variant for variant in variants.values()}
        outcomes = [_carry(item, by_sku.get(item.sku), shelves, places[source], places[destination]) for item in items]
        changes = [
            LevelChange(variant_id=by_sku[one.item.sku].id, location_id=place, available=n, reference_id=transfer_id)
            for one in outcomes
            if one.refusal is None
            for place, n in ((places[source], -one.item.quantity), (places[destination], one.item.quantity))
        ]
        if changes:
            write_levels(LocationMovement.Type.TRANSFER, changes, user_id=user_id)
    return outcomes


def _carry(
    item: StockItem, variant: LockedVariant | None, shelves: Shelves, source: UUID, destination: UUID
) -> MovedItem:
    if variant is None:
        return MovedItem(item=item, refusal=VariantNotFound(f"No variant has the SKU {item.sku}."))
    left = shelves.available(variant.id, source)
    refusal = None
    if item.quantity > left:
        title = named(variant.full_title, variant.sku)
        refusal = NotEnoughThere(f"{title} has {left} left there; {item.quantity} cannot be carried.")
    else:
        shelves.move(variant.id, -item.quantity, source)
        shelves.move(variant.id, item.quantity, destination)
    return MovedItem(item=item, inventory_quantity=variant.inventory_quantity, refusal=refusal)
