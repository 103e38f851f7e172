"""Prices of many variants at once, with what they were written down beside them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.conf import settings

from apps.catalog.services.acting import acting
from apps.catalog.services.announcements import announce_products
from apps.catalog.statements import SQL
from apps.core.exceptions import DomainError
from apps.core.ids import new_id

from .items import (
    Claims,
    Found,
    ItemResult,
    NamedVariant,
    Status,
    invalid,
    lock_named,
    named_twice,
    not_found,
    refuse_if_any,
)
from .reckoning import Prices, Repricing, Unreckonable, flaw_of, reckon


class PriceChangeIsUndone(DomainError):
    """Prices that were changed together are being put back, or were."""

    code = "price_change_is_undone"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedPrices:
    """What came of each item, in their order; `change_id` undoes it, and is None where no price differs."""

    change_id: UUID | None
    items: list[ItemResult]


@dataclass(slots=True)
class Plan:
    """What a call comes to, before anything is written."""

    results: list[ItemResult] = field(default_factory=list)
    prices: dict[UUID, Prices] = field(default_factory=dict)
    products: set[UUID] = field(default_factory=set)


def change_prices(
    *,
    changes: Sequence[Repricing],
    actor_id: UUID | None,
    source: str,
    note: str | None = None,
    atomic: bool = False,
    is_dry: bool = False,
    change_id: UUID | None = None,
) -> ChangedPrices:
    """
    Give many variants new prices, in one transaction of a handful of statements; the same prices again change nothing.

    Items that are refused leave the others alone; nothing of a product is changed where one of its variants cannot be.
    What the variants cost before is kept under `change_id`, for undo_price_change. Their products show the prices of
    the cheapest active variant from then on; events, pages and lists follow.

    Args:
        source: a PriceChange.Source: by which way they come.
        atomic: change nothing when one item is refused.
        is_dry: find out the same and write nothing.
        change_id: of an earlier call that this one goes on with, or a new id; without it the change gets one.

    Returns:
        What came of each item.

    Raises:
        BulkRefused: `atomic`, and an item is refused. Nothing is changed.
        PriceChangeIsUndone: the change that this call goes on with. Nothing is changed.
    """
    with acting(actor_id=actor_id, source="bulk"):
        if change_id is not None:
            _refuse_if_undone(change_id)
        plan = _plan(changes, lock_named([change.target for change in changes]))
        if atomic:
            refuse_if_any(plan.results)
        if is_dry or not plan.prices:
            return ChangedPrices(change_id=None, items=plan.results)
        change_id = change_id or new_id()
        SQL.run(
            "change_prices",
            change_id=change_id,
            actor_id=actor_id,
            source=source,
            note=note,
            variants=list(plan.prices),
            prices=[price for price, _ in plan.prices.values()],
            compare_prices=[compare_price for _, compare_price in plan.prices.values()],
        )
        show_new_prices(plan.products)
    return ChangedPrices(change_id=change_id, items=plan.results)


def show_new_prices(product_ids: Collection[UUID]) -> None:
    """Let products show the prices of their variants, and tell of it; their variants were changed just now."""
    products = list(product_ids)
    announce_products(product_ids=products)
    SQL.run("follow_prices", products=products)


def _refuse_if_undone(change_id: UUID) -> None:
    if any(SQL.column("lock_price_change", change_id=change_id)):
        raise PriceChangeIsUndone("This change was undone meanwhile; what was still to come is left as it is.")


def _plan(changes: Sequence[Repricing], found: Found) -> Plan:
    plan, claims = Plan(), Claims()
    for position, asked in enumerate(changes, start=1):
        plan.results.append(_planned(asked, position, found, claims, plan))
    return plan


def _planned(asked: Repricing, position: int, found: Found, claims: Claims, plan: Plan) -> ItemResult:
    currency = settings.SHOP_CURRENCY
    if flaw := flaw_of(asked, currency):
        return invalid(flaw)
    variants = found.of(asked.target)
    if not variants:
        return not_found(asked.target)
    if (first := claims.take(position, [variant.id for variant in variants])) is not None:
        return named_twice(first)
    try:
        new = [reckon(asked, (variant.price, variant.compare_price), currency) for variant in variants]
    except Unreckonable as unreckonable:
        return invalid(str(unreckonable))
    return _noted(variants, new, plan)


def _noted(variants: Sequence[NamedVariant], new: Sequence[Prices], plan: Plan) -> ItemResult:
    differing = [
        (variant, prices)
        for variant, prices in zip(variants, new, strict=True)
        if prices != (variant.price, variant.compare_price)
    ]
    plan.prices |= {variant.id: prices for variant, prices in differing}
    plan.products |= {variant.product_id for variant, _ in differing}
    return ItemResult(status=Status.CHANGED if differing else Status.UNCHANGED, variants=len(differing))
