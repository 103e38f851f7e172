"""Making, changing and deleting a product."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction

from apps.catalog.models import Category, Product, ProductVariant
from apps.catalog.services.announcements import announce_products
from apps.catalog.services.bulk.prices import show_new_prices
from apps.catalog.services.products import set_categories, settle_product
from apps.catalog.statements import DATABASE
from apps.core.integrity import translated

from .editing import REFUSALS, editing, refuse
from .rules import Flaws, fitting_flaws, options_of, product_flaws, skus_of_others, variants_flaw

PRICES = ("price", "compare_price", "cost_price")


def create_product(
    *, fields: Mapping[str, Any], variants: Sequence[Mapping[str, Any]] = (), category_ids: Collection[UUID] = ()
) -> UUID:
    """
    Make a product, and announce it. Without variants it gets its only one, with its own SKU and price.

    Args:
        fields: of Product, by name; `price` in settings.SHOP_CURRENCY is that of the cheapest variant where there are.
        variants: of each the fields of ProductVariant by name, in display order; `inventory_quantity` in pieces is
            its first stock.

    Returns:
        The product's id.

    Raises:
        InvalidInput: a field is wrong; nothing is made. Those of variants are named `variants.0.sku`.
    """
    product = Product(**unshipped(fields))
    if variants:
        product.price = min(variant["price"] for variant in variants)
    made = [ProductVariant(product=product, position=n, **titled(variant)) for n, variant in enumerate(variants)]
    refuse(product_flaws(product) | _variant_flaws(product, made) | category_flaws(category_ids))
    with translated(REFUSALS), transaction.atomic(using=DATABASE):
        product.save(using=DATABASE)
        for variant in made:
            variant.save(using=DATABASE)
        set_categories(product_id=product.id, category_ids=category_ids)
        settle_product(product_id=product.id)
        show_new_prices([product.id])
    return product.id


def change_product(
    *,
    product_id: UUID,
    fields: Mapping[str, Any],
    category_ids: Collection[UUID] | None = None,
    versions: Collection[str] | None = None,
) -> None:
    """
    Change some fields of a product, and where they are given its categories; idempotent. Announces it.

    A price is that of its variants: with a single one the product's price is its price, with more it is refused here.

    Args:
        versions: the `version` of get_sheet that the editor saw; None lets the last writer win.

    Raises:
        ProductNotFound: there is no such product.
        ChangedMeanwhile: somebody else changed it since. Nothing is changed.
        InvalidInput: a field is wrong. Nothing is changed.
    """
    with editing(product_id, versions) as product:
        flaws = new_flaws(product, fields) | category_flaws(category_ids or ())
        variants = list(product.variants.using(DATABASE).order_by("id"))
        if "options" in fields and "options" not in flaws:
            flaws |= _options_in_use(product, variants)
        prices = {name: fields[name] for name in PRICES if name in fields}
        if prices and len(variants) > 1:
            flaws |= {name: ["Its variants have prices: change theirs."] for name in prices}
        refuse(flaws)
        product.save(using=DATABASE)
        if prices:
            product.variants.using(DATABASE).update(**prices)
        if category_ids is not None:
            set_categories(product_id=product_id, category_ids=category_ids)
        announce_products(product_ids=[product_id])


def delete_product(*, product_id: UUID, versions: Collection[str] | None = None) -> None:
    """
    Delete a product that was never in stock and never ordered, with all that is its own.

    Raises:
        ProductNotFound: there is no such product.
        ChangedMeanwhile: somebody else changed it since the editor saw one of `versions`.
        StillNamed: the ledger of stock or an order names a variant of it: deactivate it. Nothing is deleted.
    """
    with editing(product_id, versions) as product:
        announce_products(product_ids=[product_id], former_slugs=[product.slug])
        # By the database's own cascade, which knows what stays.
        Product.objects.using(DATABASE).filter(id=product_id)._raw_delete(DATABASE)


def unshipped(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields with what they imply: what is digital or a gift card is not shipped, unless they say so."""
    implied = {"requires_shipping": False} if fields.get("is_digital") or fields.get("is_gift_card") else {}
    return implied | dict(fields)


def new_flaws(product: Product, fields: Mapping[str, Any]) -> Flaws:
    """Change fields of a product, unsaved, and return what that made wrong; what was wrong before is not in the way."""
    before: Flaws = {} if product._state.adding else product_flaws(product)
    changed = {name: value for name, value in unshipped(fields).items() if getattr(product, name) != value}
    for name, value in changed.items():
        setattr(product, name, value)
    flaws = product_flaws(product)
    return {name: said for name, said in flaws.items() if name in changed or said != before.get(name)}


def titled(variant: Mapping[str, Any]) -> dict[str, Any]:
    """Return a variant's fields with a title: its options, where nobody gave one."""
    options = [variant.get(name) for name in ("option1", "option2", "option3")]
    title = variant.get("title") or " / ".join(filter(None, options)) or variant["sku"]
    return dict(variant) | {"title": title}


def category_flaws(category_ids: Collection[UUID]) -> Flaws:
    known = set(Category.objects.using(DATABASE).filter(id__in=category_ids).values_list("id", flat=True))
    unknown = sorted(str(category) for category in set(category_ids) - known)
    return {"category_ids": [f"There is no category {category}." for category in unknown]} if unknown else {}


def _variant_flaws(product: Product, variants: Sequence[ProductVariant]) -> Flaws:
    flaws: Flaws = {}
    taken = skus_of_others(skus=[product.sku, *(variant.sku for variant in variants)], product_id=product.id)
    if product.sku in taken and not variants:
        flaws["sku"] = ["A variant of another product has this SKU."]
    for number, variant in enumerate(variants):
        wrong = fitting_flaws(product.options, options_of(variant)) if not product_flaws(product) else {}
        if variant.sku in taken:
            wrong["sku"] = ["Another variant has this SKU."]
        flaws |= {f"variants.{number}.{field}": sentences for field, sentences in wrong.items()}
    if flaw := variants_flaw(map(options_of, variants)):
        flaws["variants"] = [flaw]
    return flaws


def _options_in_use(product: Product, variants: Sequence[ProductVariant]) -> Flaws:
    unfit = [variant.sku for variant in variants if fitting_flaws(product.options, options_of(variant))]
    return {"options": [f"Variants have other values: {', '.join(unfit[:5])}."]} if unfit else {}
