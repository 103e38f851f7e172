"""The products that customers see. Rows are dicts of the columns asked for, ready to be written."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import F, QuerySet
from django.db.models.expressions import RawSQL

from apps.catalog.models import Category, Product, ProductCategory, ProductVariant
from apps.catalog.statements import SQL
from apps.core.exceptions import NotFound

from .selling import FOR_SALE, IN_STOCK, UNLIMITED, VISIBLE

Rows = Iterable[Mapping[str, Any]]


class ProductNotFound(NotFound):
    """No product that customers see has this address."""

    code = "product_not_found"


def list_products() -> QuerySet[Product]:
    """Return the products that customers see: active, and published by now. In no order."""
    return Product.objects.using("catalog").filter(VISIBLE)


def in_category(products: QuerySet[Product], category: str) -> QuerySet[Product]:
    """Return those in a category, given by slug or id, or anywhere below it; none where no active one has that name."""
    below = RawSQL(SQL["categories_below"], [category, _id_of(category)])  # noqa: S611 - a statement of our own
    return products.filter(id__in=ProductCategory.objects.filter(category_id__in=below).values("product_id"))


def _id_of(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def get_product(*, slug: str, columns: Sequence[str]) -> dict[str, Any]:
    """
    Return one product that customers see.

    Raises:
        ProductNotFound: there is none with this slug.
    """
    product = list_products().filter(slug=slug).values(*columns).first()
    if product is None:
        raise _product_not_found(slug)
    return product


def _product_not_found(slug: str) -> ProductNotFound:
    return ProductNotFound("No product has this address.", slug=slug)


def list_variants(*, product_id: UUID, columns: Sequence[str]) -> Rows:
    """Return a product's active variants in display order; `in_stock` tells whether each can be bought now."""
    variants = ProductVariant.objects.using("catalog").filter(product_id=product_id, is_active=True)
    return variants.annotate(in_stock=IN_STOCK).order_by("position", "id").values(*columns)


def list_categories_of(*, product_id: UUID, columns: Sequence[str]) -> Rows:
    """Return the active categories a product stands in, by sort order and name."""
    return _active_categories().filter(products=product_id).order_by("sort_order", "name").values(*columns)


def list_categories(*, columns: Sequence[str]) -> Rows:
    """
    Return the categories that customers see, by sort order and name: active ones, below none that is not.

    Each row has its `id` and `parent_id` besides; the parent's row is among them.
    """
    rows = _active_categories().order_by("sort_order", "name", "id").values("id", "parent_id", *columns)
    parents = {row["id"]: row["parent_id"] for row in rows}
    return [row for row in rows if _hangs_from_a_root(row["id"], parents)]


def _hangs_from_a_root(category_id: UUID, parents: Mapping[UUID, UUID | None]) -> bool:
    above: UUID | None = category_id
    while above is not None and above in parents:
        above = parents[above]
    return above is None


def _active_categories() -> QuerySet[Category]:
    return Category.objects.using("catalog").filter(is_active=True)


def list_stock(*, slug: str) -> Rows:
    """
    Return what can be bought now of each active variant of a product that customers see, in display order.

    Raises:
        ProductNotFound: there is none with this slug, or nothing of it is for sale.
    """
    stock = list(
        ProductVariant.objects.using("catalog")
        .filter(FOR_SALE, product__slug=slug)
        .order_by("position", "id")
        .values("sku", "inventory_quantity", variant_id=F("id"), is_unlimited=UNLIMITED)
    )
    if not stock:
        raise _product_not_found(slug)
    return stock
