"""The products that customers see. Rows are dicts of the columns asked for, ready to be written."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import F, QuerySet
from django.db.models.expressions import RawSQL

from apps.catalog.models import Category, Product, ProductCategory, ProductVariant
from apps.catalog.statements import SQL

from .selling import FOR_SALE, IN_STOCK, UNLIMITED, VISIBLE

Rows = Iterable[Mapping[str, Any]]


def visible_products() -> QuerySet[Product]:
    """Return the products that customers see: active, and published by now. In no order."""
    return Product.objects.using("catalog").filter(VISIBLE)


def in_category(products: QuerySet[Product], category: str) -> QuerySet[Product]:
    """Return those in a category, given by slug or id, or anywhere below it; none where no active one has that name."""
    below = RawSQL(SQL["categories_below"], [category, id_of(category)])  # noqa: S611 - a statement of our own
    return products.filter(id__in=ProductCategory.objects.filter(category_id__in=below).values("product_id"))


def id_of(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def find_product(slug: str, columns: Sequence[str]) -> dict[str, Any] | None:
    """Return one visible product, or None."""
    return visible_products().filter(slug=slug).values(*columns).first()


def list_variants(product_id: UUID, columns: Sequence[str]) -> Rows:
    """Return a product's active variants in display order; `in_stock` tells whether each can be bought now."""
    variants = ProductVariant.objects.using("catalog").filter(product_id=product_id, is_active=True)
    return variants.annotate(in_stock=IN_STOCK).order_by("position", "id").values(*columns)


def list_categories_of(product_id: UUID, columns: Sequence[str]) -> Rows:
    """Return the active categories a product stands in, by sort order and name."""
    return active_categories().filter(products=product_id).order_by("sort_order", "name").values(*columns)


def list_categories(columns: Sequence[str]) -> Rows:
    """Return every active category, by sort order and name."""
    return active_categories().order_by("sort_order", "name", "id").values(*columns)


def active_categories() -> QuerySet[Category]:
    return Category.objects.using("catalog").filter(is_active=True)


def list_stock(slug: str) -> Rows:
    """Return what can be bought now of each active variant of a visible product; empty where there is none."""
    return (
        ProductVariant.objects.using("catalog")
        .filter(FOR_SALE, product__slug=slug)
        .order_by("position", "id")
        .values("sku", "inventory_quantity", variant_id=F("id"), is_unlimited=UNLIMITED)
    )
