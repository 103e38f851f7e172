"""Putting back the prices that one change gave."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.catalog.models import PriceChange
from apps.catalog.selectors import PriceChangeNotFound
from apps.catalog.services.acting import acting
from apps.catalog.statements import DATABASE, SQL
from apps.core import clock
from apps.core.ids import FIRST_ID, first_id_of

from .items import Target, lock_named
from .prices import PriceChangeIsUndone, show_new_prices

UNDONE_AT_ONCE = 10_000
PRUNED_AT_ONCE = 10_000


@dataclass(frozen=True, slots=True)
class UndoneItem:
    """What became of one variant; without SKU and product where it is gone."""

    variant_id: UUID
    sku: str | None
    product_id: UUID | None
    is_restored: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class UndonePrices:
    """What was put back, and which variants were left as somebody has priced them since, in id order."""

    restored: int
    left: list[UndoneItem]
    last: UUID | None
    """The highest id looked at: go on `after` it. None where nothing was left to look at."""


def undo_price_change(
    *, change_id: UUID, actor_id: UUID | None, after: UUID = FIRST_ID, at_most: int = UNDONE_AT_ONCE
) -> UndonePrices:
    """
    Put back the prices that a change gave, where they are still the new ones; once.

    One transaction for at most so many variants: a larger change takes more calls, each `after` the last one; one that
    broke off goes on with the same call. Who still adds to the change is stopped by it.

    Args:
        actor_id: who puts them back.
        after: the highest variant id that an earlier call looked at.

    Raises:
        PriceChangeNotFound: there is no such change.
        PriceChangeIsUndone: nothing of it is left to put back. Nothing is changed.
    """
    with acting(actor_id=actor_id, source="bulk"):
        undone_at = _locked(change_id)
        variants = SQL.column("list_undoable_items", change_id=change_id, after=after, at_most=at_most)
        if undone_at is None:
            change = PriceChange.objects.using(DATABASE).filter(id=change_id)
            change.update(undone_at=clock.now(), undone_by=actor_id)
        elif not variants and after == FIRST_ID:
            raise PriceChangeIsUndone("These prices were put back already.", undone_at=undone_at.isoformat())
        items = _restored(change_id, variants)
    left = [item for item in items if not item.is_restored]
    return UndonePrices(restored=len(items) - len(left), left=left, last=variants[-1] if variants else None)


def _locked(change_id: UUID) -> datetime | None:
    found = SQL.column("lock_price_change", change_id=change_id)
    if not found:
        raise PriceChangeNotFound("No change of prices has this id.", change_id=str(change_id))
    undone_at: datetime | None = found[0]
    return undone_at


def _restored(change_id: UUID, variants: list[UUID]) -> list[UndoneItem]:
    if not variants:
        return []
    lock_named([Target(variant_id=variant) for variant in variants])
    items = SQL.rows("restore_prices", UndoneItem, change_id=change_id, variants=variants)
    if products := {item.product_id for item in items if item.is_restored and item.product_id}:
        show_new_prices(products)
    return items


def prune_price_changes(*, before: datetime, at_most: int = PRUNED_AT_ONCE) -> int:
    """
    Forget the price changes made before a moment (aware); they cannot be undone any more. Idempotent.

    Some variants at a time, each batch a transaction of its own.

    Returns:
        How many variants' prices were forgotten.
    """
    forgotten = 0
    while some := _prune_some(before, at_most):
        forgotten += some
    return forgotten


def _prune_some(before: datetime, at_most: int) -> int:
    with transaction.atomic(using=DATABASE):
        return int(SQL.column("prune_price_changes", before=first_id_of(before), at_most=at_most)[0])
