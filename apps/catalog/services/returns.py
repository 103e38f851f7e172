"""Goods that come back from buyers."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID, uuid5

from django.db import transaction

from apps.catalog.contracts import StockLine
from apps.catalog.models import LocationMovement
from apps.catalog.statements import DATABASE, SQL

from .locations import move_levels
from .stock import StockStep, lock_variants, tell_flips


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnedGoods:
    """Goods of one return that can be sold again; each variant stands in one line, quantities in pieces, at least 1."""

    order_id: UUID
    return_id: UUID
    note: str
    lines: tuple[StockLine, ...]


def restock_goods(*, returns: Sequence[ReturnedGoods]) -> None:
    """
    Take returned goods back into what can be sold, one movement a line, each once.

    Two statements a batch, more where a product comes back into stock or a variant has places: then they stand at the
    first of them. Idempotent: a movement's id is a function of
    the return and the variant. A variant whose stock is not tracked, or that exists no more, has no stock to come back
    to and is left out.
    """
    with transaction.atomic(using=DATABASE, savepoint=False):
        variants = lock_variants(line.variant_id for one in returns for line in one.lines)
        tracked = {variant.id for variant in variants.values() if variant.track_inventory}
        moving = [(one, line) for one in returns for line in one.lines if line.variant_id in tracked]
        if moving:
            steps = SQL.rows(
                "restock_goods",
                StockStep,
                ids=[uuid5(one.return_id, str(line.variant_id)) for one, line in moving],
                variants=[line.variant_id for _, line in moving],
                quantities=[line.quantity for _, line in moving],
                orders=[one.order_id for one, _ in moving],
                notes=[one.note for one, _ in moving],
            )
            back = [(s.variant_id, s.after - s.before, None) for s in steps if variants[s.variant_id].is_located]
            move_levels(LocationMovement.Type.RETURN, back)
            tell_flips(steps)
