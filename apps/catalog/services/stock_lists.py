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
from .movements import StockCannotBeNegative, VariantNotFound
from .stock import LockedVariant, lock_variants

Type = InventoryMovement.Type
MOST_PIECES = 100_000_000


class TooMuchStock(DomainError):
    """More would be in stock of one variant than can be counted."""

    code = "too_much_stock"


@dataclass(frozen=True, slots=True, kw_only=True)
class StockItem:
    """Pieces of one SKU that came (positive) or are missing (negative); `reason` is an InventoryMovement.Reason."""

    sku: str
    quantity: int
    reason: str | None = None
    notes: str | None = None


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
    where a product comes into stock.

    Returns:
        What became of each item, in the order given.
    """
    return _move(Type.RESTOCK, items, because)


def adjust_items(*, items: Sequence[StockItem], because: Because) -> list[MovedItem]:
    """
    Correct the stock by what was found or is missing, in pieces; zero changes nothing. Not idempotent.

    What orders hold stays theirs. Items are served in the order given; one that would leave less than nothing to sell
    of a variant that is not sold below zero is refused by itself. Three statements for any number, more where a
    product comes into stock or runs out of it.

    Returns:
        What became of each item, in the order given.
    """
    return _move(Type.ADJUSTMENT, items, because)


def _move(movement_type: Type, items: Sequence[StockItem], because: Because) -> list[MovedItem]:
    with transaction.atomic(using=DATABASE):
        variants = _locked(items)
        by_sku = {variant.sku: variant for variant in variants.values()}
        outcomes = _decide(items, by_sku)
        moves = [
            Move(
                variant_id=by_sku[outcome.item.sku].id,
                quantity=outcome.item.quantity,
                reason=outcome.item.reason,
                notes=outcome.item.notes,
            )
            for outcome in outcomes
            if outcome.refusal is None and outcome.item.quantity
        ]
        if moves:
            write_moves(movement_type, moves, variants, because)
    return outcomes


def _locked(items: Sequence[StockItem]) -> dict[UUID, LockedVariant]:
    meant = ProductVariant.objects.using(DATABASE).filter(sku__in={item.sku for item in items})
    return lock_variants(meant.values_list("id", flat=True))


def _decide(items: Sequence[StockItem], variants: Mapping[str, LockedVariant]) -> list[MovedItem]:
    left = {variant.sku: variant.inventory_quantity for variant in variants.values()}
    outcomes = []
    for item in items:
        refusal = _refusal(item, variants.get(item.sku), left)
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
