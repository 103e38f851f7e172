"""Putting many variants and products on sale at once, or taking them off."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db import transaction

from apps.catalog.services.announcements import announce_products
from apps.catalog.statements import DATABASE, SQL

from .items import (
    Claims,
    Found,
    ItemResult,
    Status,
    Target,
    invalid,
    lock_named,
    named_twice,
    not_found,
    refuse_if_any,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Activation:
    """Whether one variant is on sale from now on, or one product is shown; the product's variants stay as they are."""

    target: Target
    is_active: bool


@dataclass(frozen=True, slots=True)
class NamedProduct:
    """A product that this transaction holds."""

    id: UUID
    slug: str
    is_active: bool


@dataclass(slots=True)
class Rows:
    """What is there of what a call names, and what of it will differ."""

    variants: Found
    products: dict[UUID | str, NamedProduct]
    claims: Claims = field(default_factory=Claims)
    variant_states: dict[UUID, bool] = field(default_factory=dict)
    product_states: dict[UUID, bool] = field(default_factory=dict)
    touched: set[UUID] = field(default_factory=set)
    repriced: set[UUID] = field(default_factory=set)


def set_active(*, changes: Sequence[Activation], atomic: bool = False, is_dry: bool = False) -> list[ItemResult]:
    """
    Put variants on sale and show products, or take them off; idempotent. One transaction of a handful of statements.

    Customers stop seeing what is inactive with the commit. A product comes into stock or runs out of it by its
    variants, and shows the prices of the cheapest active one; events, pages and lists follow.

    Args:
        atomic: change nothing when one item is refused.
        is_dry: find out the same and write nothing.

    Returns:
        What came of each item, in their order.

    Raises:
        BulkRefused: `atomic`, and an item is refused. Nothing is changed.
    """
    with transaction.atomic(using=DATABASE):
        rows = _locked([change.target for change in changes])
        results = [_planned(change, position, rows) for position, change in enumerate(changes, start=1)]
        if atomic:
            refuse_if_any(results)
        if rows.touched and not is_dry:
            _write(rows)
    return results


def _locked(targets: Sequence[Target]) -> Rows:
    """Lock variants, then products, each in id order, before any is written: the triggers lock products too."""
    products = [target for target in targets if target.is_clear and target.is_product]
    variants = lock_named([target for target in targets if target.is_clear and not target.is_product])
    found = SQL.rows(
        "lock_named_products",
        NamedProduct,
        products=[*variants.by_product, *(target.product_id for target in products if target.product_id is not None)],
        slugs=[target.slug for target in products if target.slug is not None],
    )
    return Rows(variants, {key: product for product in found for key in (product.id, product.slug)})


def _planned(change: Activation, position: int, rows: Rows) -> ItemResult:
    if not change.target.is_clear:
        return invalid("Name one thing: a variant by its id or SKU, or a product by its id or slug.")
    found = list(_rows_of(change.target, rows))
    if not found:
        return not_found(change.target)
    row_id, product_id, is_active = found[0]
    if (first := rows.claims.take(position, [row_id])) is not None:
        return named_twice(first)
    if is_active is change.is_active:
        return ItemResult(status=Status.UNCHANGED)
    rows.touched.add(product_id)
    if change.target.is_product:
        rows.product_states[row_id] = change.is_active
        return ItemResult(status=Status.CHANGED)
    rows.variant_states[row_id] = change.is_active
    rows.repriced.add(product_id)
    return ItemResult(status=Status.CHANGED, variants=1)


def _rows_of(target: Target, rows: Rows) -> Iterator[tuple[UUID, UUID, bool]]:
    """Yield the id, the product's id and the state of what a target names, if there is such a thing."""
    if target.is_product:
        product = rows.products.get(target.product_id or target.slug or "")
        if product is not None:
            yield product.id, product.id, product.is_active
        return
    for variant in rows.variants.of(target):
        yield variant.id, variant.product_id, variant.is_active


def _write(rows: Rows) -> None:
    for statement, states in (("activate_variants", rows.variant_states), ("activate_products", rows.product_states)):
        if states:
            SQL.run(statement, ids=list(states), states=list(states.values()))
    announce_products(product_ids=rows.touched)
    if rows.repriced:
        SQL.run("follow_prices", products=list(rows.repriced))
