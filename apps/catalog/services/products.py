"""What every write to a product owes: its locks before, its variant and its announcement after."""

from collections.abc import Collection
from uuid import UUID

from django.db import transaction

from apps.catalog.models import Product, ProductCategory, ProductVariant
from apps.catalog.statements import DATABASE, SQL
from apps.catalog.wording import ONLY_VARIANT
from apps.core.exceptions import DomainError
from apps.core.integrity import translated

from .bulk.prices import show_new_prices


class SkuTaken(DomainError):
    """Another variant has this SKU already."""

    code = "sku_taken"


class LastVariant(DomainError):
    """A product keeps at least one variant."""

    code = "last_variant"


def check_variants_left(*, before: int, after: int) -> None:
    """
    Refuse a change after which a product that has variants has none; the numbers count its variants.

    Raises:
        LastVariant: none would be left.
    """
    if before and not after:
        raise LastVariant("A product keeps at least one variant.")


def lock_product(*, product_id: UUID) -> None:
    """Lock a product for editing inside the caller's transaction: its variants in id order first, as stock does."""
    variants = ProductVariant.objects.using(DATABASE).filter(product_id=product_id).order_by("id")
    list(variants.select_for_update(no_key=True).values_list("id"))
    list(Product.objects.using(DATABASE).filter(id=product_id).select_for_update(no_key=True).values_list("id"))


def settle_product(*, product_id: UUID) -> None:
    """
    Finish a write to a product, inside the caller's transaction: give it a variant if it has none, and announce it.

    The only variant takes the product's own SKU and price, and has no stock yet. From then on the product shows the
    price of its cheapest active variant.

    Raises:
        SkuTaken: a variant of another product has the product's SKU; the caller's transaction is to be given up.
    """
    product = Product.objects.using(DATABASE).get(id=product_id)
    if not ProductVariant.objects.using(DATABASE).filter(product_id=product_id).exists():
        _add_only_variant(product)
    show_new_prices([product_id])


def price_only_variant(*, product_id: UUID) -> None:
    """
    Let the only variant of a product cost what its editor wrote on the product; of several nothing is changed.

    Settle the product afterwards: it shows what its variants cost.
    """
    variants = ProductVariant.objects.using(DATABASE).filter(product_id=product_id)
    if variants.count() == 1:
        variants.update(**Product.objects.using(DATABASE).filter(id=product_id).values("price", "compare_price").get())


def set_categories(*, product_id: UUID, category_ids: Collection[UUID]) -> None:
    """
    Let a product stand in exactly these categories; idempotent. Announce the product afterwards.

    The product's history tells of it, as `categories`, by their slugs.
    """
    with transaction.atomic(using=DATABASE):
        shelves = ProductCategory.objects.using(DATABASE).filter(product_id=product_id)
        before, after = set(shelves.values_list("category_id", flat=True)), set(category_ids)
        if before == after:
            return
        SQL.column("record_categories", product=product_id, before=list(before), after=list(after))
        shelves.filter(category_id__in=before - after).delete()
        wanted = [ProductCategory(product_id=product_id, category_id=category) for category in sorted(after - before)]
        ProductCategory.objects.using(DATABASE).bulk_create(wanted, ignore_conflicts=True)


def _add_only_variant(product: Product) -> None:
    taken = {"product_variants_sku_key": lambda: SkuTaken(f"A variant of another product has the SKU {product.sku}.")}
    with translated(taken), transaction.atomic(using=DATABASE):
        ProductVariant.objects.using(DATABASE).create(
            product=product,
            title=ONLY_VARIANT,
            sku=product.sku,
            barcode=product.barcode,
            price=product.price,
            compare_price=product.compare_price,
            cost_price=product.cost_price,
            weight=product.weight,
            requires_shipping=product.requires_shipping,
            taxable=product.taxable,
        )
