"""Moving physical stock: goods arrive, or were miscounted. Each writes its line in the ledger."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from apps.catalog.contracts import StockLine
from apps.catalog.models import InventoryMovement
from apps.catalog.statements import DATABASE
from apps.catalog.wording import named
from apps.core.exceptions import DomainError, NotFound

from .ledger import NO_REASON, Because, Move, write_moves
from .stock import LockedVariant, lock_variants

Type = InventoryMovement.Type


class VariantNotFound(NotFound):
    """No variant has this id."""

    code = "variant_not_found"


class StockCannotBeNegative(DomainError):
    """More would leave than can be sold, and the variant is not sold below zero."""

    code = "stock_cannot_be_negative"


@dataclass(frozen=True, slots=True, kw_only=True)
class StockChange:
    """Pieces found (positive) or missing (negative) of one variant."""

    variant_id: UUID
    quantity: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StockLevel:
    """How many pieces of one variant can be sold from now on."""

    variant_id: UUID
    inventory_quantity: int


def restock(*, receipts: Sequence[StockLine], because: Because = NO_REASON) -> None:
    """
    Take delivered goods into stock; quantities in pieces, at least 1. All or nothing; not idempotent.

    Raises:
        VariantNotFound: nothing is taken in.
    """
    _move(Type.RESTOCK, [(line.variant_id, line.quantity) for line in receipts], because)


def adjust_inventory(*, changes: Sequence[StockChange], because: Because = NO_REASON) -> None:
    """
    Correct the stock by what was found or is missing, in pieces; zero is no change. All or nothing; not idempotent.

    What orders hold stays theirs: only what can be sold changes.

    Raises:
        VariantNotFound, StockCannotBeNegative: nothing is changed.
    """
    _move(Type.ADJUSTMENT, [(change.variant_id, change.quantity) for change in changes], because)


def set_inventory(*, levels: Sequence[StockLevel], because: Because = NO_REASON) -> int:
    """
    Set what can be sold to counted numbers, in pieces; a variant stands once. All or nothing; idempotent.

    Returns:
        How many variants changed; the rest had that number already and get no movement.

    Raises:
        VariantNotFound, StockCannotBeNegative: nothing is changed.
    """
    with transaction.atomic(using=DATABASE):
        variants = _locked(level.variant_id for level in levels)
        changes = [
            (level.variant_id, level.inventory_quantity - variants[level.variant_id].inventory_quantity)
            for level in levels
        ]
        return _write(Type.ADJUSTMENT, changes, variants, because)


def _move(movement_type: Type, changes: Sequence[tuple[UUID, int]], because: Because) -> None:
    with transaction.atomic(using=DATABASE):
        _write(movement_type, changes, _locked(variant for variant, _ in changes), because)


def _locked(variant_ids: Iterable[UUID]) -> dict[UUID, LockedVariant]:
    wanted = set(variant_ids)
    variants = lock_variants(wanted)
    if missing := sorted(str(variant) for variant in wanted - variants.keys()):
        raise VariantNotFound(f"No variant has the id {', '.join(missing)}.", variant_ids=missing)
    return variants


def _write(
    movement_type: Type,
    changes: Sequence[tuple[UUID, int]],
    variants: Mapping[UUID, LockedVariant],
    because: Because,
) -> int:
    moving = [(variant, quantity) for variant, quantity in changes if quantity]
    _refuse_negative(moving, variants)
    if moving:
        moves = [
            Move(variant_id=variant, quantity=quantity, reason=because.reason, notes=because.notes)
            for variant, quantity in moving
        ]
        write_moves(movement_type, moves, variants, because)
    return len(moving)


def _refuse_negative(changes: Sequence[tuple[UUID, int]], variants: Mapping[UUID, LockedVariant]) -> None:
    left = {variant.id: variant.inventory_quantity for variant in variants.values()}
    for variant_id, quantity in changes:
        left[variant_id] += quantity
    for variant in variants.values():
        if left[variant.id] < 0 and not variant.allow_backorder:
            raise StockCannotBeNegative(
                f"{named(variant.full_title, variant.sku)} has {variant.inventory_quantity} left to sell; "
                f"{variant.inventory_quantity - left[variant.id]} cannot leave.",
                variant_id=str(variant.id),
                inventory_quantity=variant.inventory_quantity,
            )
