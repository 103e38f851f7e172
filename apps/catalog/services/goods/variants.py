"""Making, changing, ordering and deleting the variants of a product."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from apps.catalog.models import Product, ProductVariant
from apps.catalog.services.bulk.prices import show_new_prices
from apps.catalog.services.movements import VariantNotFound
from apps.catalog.services.products import check_variants_left
from apps.catalog.statements import DATABASE

from .editing import editing, refuse
from .products import titled
from .rules import fitting_flaws, options_of, variants_flaw

OPTIONS = ("option1", "option2", "option3")


def add_variant(*, product_id: UUID, fields: Mapping[str, Any], versions: Collection[str] | None = None) -> UUID:
    """
    Add a variant to a product, behind the others, and announce the product.

    Args:
        fields: of ProductVariant, by name; `inventory_quantity` in pieces is its first stock.

    Returns:
        The variant's id.

    Raises:
        ProductNotFound, ChangedMeanwhile: as of change_product.
        InvalidInput: a field is wrong. Nothing is made.
    """
    with editing(product_id, versions) as product:
        others = list(product.variants.using(DATABASE))
        position = max((variant.position for variant in others), default=-1) + 1
        variant = ProductVariant(product=product, **{"position": position} | titled(fields))
        _check(product, [*others, variant], variant, set(OPTIONS))
        variant.save(using=DATABASE)
        show_new_prices([product_id])
    return variant.id


def change_variant(
    *, product_id: UUID, variant_id: UUID, fields: Mapping[str, Any], versions: Collection[str] | None = None
) -> None:
    """
    Change some fields of a variant, never its stock; idempotent. The product shows the price of its cheapest one.

    Raises:
        VariantNotFound: the product has no such variant.
        ProductNotFound, ChangedMeanwhile: as of change_product.
        InvalidInput: a field is wrong. Nothing is changed.
    """
    with editing(product_id, versions) as product:
        variants = list(product.variants.using(DATABASE))
        variant = _of(variants, variant_id)
        changed = {name for name, value in fields.items() if getattr(variant, name) != value}
        for name in changed:
            setattr(variant, name, fields[name])
        _check(product, variants, variant, changed)
        variant.save(using=DATABASE)
        show_new_prices([product_id])


def delete_variant(*, product_id: UUID, variant_id: UUID, versions: Collection[str] | None = None) -> None:
    """
    Delete a variant that was never in stock and never ordered.

    Raises:
        VariantNotFound: the product has no such variant.
        LastVariant: it is the only one.
        StillNamed: the ledger of stock or an order names it: deactivate it. Nothing is deleted.
        ProductNotFound, ChangedMeanwhile: as of change_product.
    """
    with editing(product_id, versions) as product:
        variants = list(product.variants.using(DATABASE))
        _of(variants, variant_id)
        check_variants_left(before=len(variants), after=len(variants) - 1)
        ProductVariant.objects.using(DATABASE).filter(id=variant_id)._raw_delete(DATABASE)
        show_new_prices([product_id])


def order_variants(*, product_id: UUID, variant_ids: Sequence[UUID], versions: Collection[str] | None = None) -> None:
    """
    Show the variants of a product in this order; all of them are named, each once. Idempotent.

    Raises:
        InvalidInput: they are not the product's variants. Nothing is changed.
        ProductNotFound, ChangedMeanwhile: as of change_product.
    """
    with editing(product_id, versions) as product:
        variants = {variant.id: variant for variant in product.variants.using(DATABASE)}
        if sorted(variants) != sorted(variant_ids):
            refuse({"variant_ids": ["Name every variant of the product, each once."]})
        for position, variant_id in enumerate(variant_ids):
            variants[variant_id].position = position
        ProductVariant.objects.using(DATABASE).bulk_update(variants.values(), ["position"])
        show_new_prices([product_id])


def _check(
    product: Product, variants: Sequence[ProductVariant], variant: ProductVariant, changed: Collection[str]
) -> None:
    """Refuse options that do not fit; what did not fit before, and is left alone, is not in the way."""
    flaws = {
        name: said for name, said in fitting_flaws(product.options, options_of(variant)).items() if name in changed
    }
    if flaw := variants_flaw(map(options_of, variants)):
        flaws.setdefault("option1", []).append(flaw)
    refuse(flaws)


def _of(variants: Sequence[ProductVariant], variant_id: UUID) -> ProductVariant:
    found = next((variant for variant in variants if variant.id == variant_id), None)
    if found is None:
        raise VariantNotFound("The product has no such variant.", variant_id=str(variant_id))
    return found
