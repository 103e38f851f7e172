"""The products that customers see. Rows are dicts of the columns asked for, ready to be written."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from django.db.models import F, QuerySet

from apps.catalog.models import Product, ProductVariant
from apps.core.exceptions import NotFound

from .rows import Rows
from .selling import BACKORDER, FOR_SALE, IN_STOCK, UNLIMITED, VISIBLE


class ProductNotFound(NotFound):
    """No product that customers see has this address."""

    code = "product_not_found"


def list_products() -> QuerySet[Product]:
    """Return the products that customers see: active, and published by now. In no order."""
    return Product.objects.using("catalog").filter(VISIBLE)


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
    return list_variants_of(product_ids=[product_id], columns=columns)


def list_variants_of(*, product_ids: Collection[UUID], columns: Sequence[str]) -> Rows:
    """Return the active variants of products, each with its product as `of_product`; as `list_variants` does."""
    variants = ProductVariant.objects.using("catalog").filter(product_id__in=product_ids, is_active=True)
    shown = variants.annotate(in_stock=IN_STOCK).order_by("position", "id")
    return shown.values(*columns, of_product=F("product_id"))


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
        .values("sku", "inventory_quantity", variant_id=F("id"), is_unlimited=UNLIMITED, is_backorder=BACKORDER)
    )
    if not stock:
        raise _product_not_found(slug)
    return stock
