"""Whole products, drafts among them, as the shop's people edit them."""

from typing import Any
from uuid import UUID

from django.db.models import BooleanField, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.functions import Now

from apps.catalog.models import Product, ProductCategory, ProductVariant
from apps.catalog.statements import DATABASE
from apps.core.etag import etag_of
from apps.core.json import dumps

from .products import ProductNotFound
from .selling import VISIBLE

# What a clerk edits, and by which two of them may get into each other's way.
PRODUCT_FIELDS = (
    *("name", "slug", "description", "short_description", "sku", "barcode", "price", "compare_price", "cost_price"),
    *("track_inventory", "low_stock_threshold", "weight", "dimensions", "is_active", "is_featured", "is_digital"),
    *("is_gift_card", "requires_shipping", "taxable", "vendor", "product_type", "tags", "images", "options"),
    *("seo_title", "seo_description", "published_at", "unpublished_at", "search_language"),
)
VARIANT_FIELDS = (
    *("title", "sku", "barcode", "price", "compare_price", "cost_price", "weight", "weight_unit"),
    *("option1", "option2", "option3", "image_url", "position", "is_active", "allow_backorder"),
    *("requires_shipping", "taxable"),
)
# What sales and ratings move meanwhile.
PRODUCT_COUNTS = ("inventory_quantity", "variants_count", "in_stock", "rating_average", "rating_count")
VARIANT_COUNTS = ("inventory_quantity", "reserved_quantity")
TIMES = ("created_at", "updated_at")

# In the vector of a search a word stands as its stem, and as it is written with a leading =.
BEGINNINGS = """products.search_vector @@ (
    SELECT string_agg(format('(%%L:* | %%L:*)', '=' || word, word), ' & ')::tsquery
    FROM unnest(search_words_of(%s)) AS word
    WHERE word <> ''
)"""

STATES = {
    "live": VISIBLE,
    "inactive": Q(is_active=False),
    "unpublished": Q(is_active=True) & (Q(published_at=None) | Q(published_at__gt=Now())),
    "ended": Q(is_active=True, unpublished_at__lte=Now()),
}
"""Of products: what customers see, and why they do not see the others."""


def list_all_products(*, state: str | None = None, text: str | None = None) -> QuerySet[Product]:
    """
    Return products, drafts among them, in no order.

    Args:
        state: one of STATES; all when left out.
        text: a whole SKU of a product or variant; where nobody has it, beginnings of words of the name, the product's
            SKU, the vendor, the type and the tags, all of which stand there.
    """
    products = Product.objects.using(DATABASE)
    if state is not None:
        products = products.filter(STATES[state])
    if text:
        numbered = _numbered(text)
        begun: Any = RawSQL(BEGINNINGS, [text], output_field=BooleanField())  # noqa: S611
        products = products.filter(id__in=numbered) if numbered else products.filter(begun)
    return products


def _numbered(sku: str) -> set[UUID]:
    """Return the products that have a SKU, or a variant with it."""
    variants = ProductVariant.objects.using(DATABASE).filter(sku=sku)
    products = Product.objects.using(DATABASE).filter(sku=sku)
    return {*variants.values_list("product_id", flat=True), *products.values_list("id", flat=True)}


def get_sheet(*, product_id: UUID) -> dict[str, Any]:
    """
    Return a product with all that is edited of it: its `variants` by position, its `category_ids`, in three queries.

    `version` is an entity tag of what people edit: it stays while pieces are sold and ratings come in.

    Raises:
        ProductNotFound: there is no such product.
    """
    products = Product.objects.using(DATABASE).filter(id=product_id)
    product = products.values("id", *PRODUCT_FIELDS, *PRODUCT_COUNTS, *TIMES).first()
    if product is None:
        raise ProductNotFound("There is no such product.", product_id=str(product_id))
    variants = ProductVariant.objects.using(DATABASE).filter(product_id=product_id).order_by("position", "id")
    shelves = ProductCategory.objects.using(DATABASE).filter(product_id=product_id)
    sheet: dict[str, Any] = {
        **product,
        "variants": list(variants.values("id", *VARIANT_FIELDS, *VARIANT_COUNTS)),
        "category_ids": sorted(shelves.values_list("category_id", flat=True)),
    }
    return sheet | {"version": version_of(sheet)}


def version_of(sheet: dict[str, Any]) -> str:
    """Return the entity tag of what people edit of a product."""
    edited = [
        [sheet[name] for name in PRODUCT_FIELDS],
        [[variant[name] for name in ("id", *VARIANT_FIELDS)] for variant in sheet["variants"]],
        sheet["category_ids"],
    ]
    return etag_of(dumps(edited))
