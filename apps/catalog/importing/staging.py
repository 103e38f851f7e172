"""A batch of products on its way into the database: copied into the tables of sql/stage.sql."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from itertools import chain
from typing import Any

import msgspec
from django.db.backends.utils import CursorWrapper

from apps.core.ids import new_id

from .drafts import ProductDraft, VariantDraft
from .shelves import levels
from .skus import derived_sku

Row = dict[str, Any]


def stage(cursor: CursorWrapper, products: Sequence[ProductDraft]) -> int:
    """Copy a batch into the staging tables; return how many levels its categories have."""
    categories = list(category_rows(products))
    copy(cursor, "staged_products", map(product_row, products))
    copy(cursor, "staged_variants", (variant_row(p, v) for p in products for v in p.variants))
    copy(cursor, "staged_categories", categories)
    cursor.execute("ANALYZE staged_products, staged_variants")
    return max((category["level"] + 1 for category in categories), default=0)


def copy(cursor: CursorWrapper, table: str, rows: Iterable[Row]) -> None:
    """Copy rows into a table; they name the same columns."""
    rows = iter(rows)
    first = next(rows, None)
    if first is None:
        return
    with cursor.copy(f"COPY {table} ({', '.join(first)}) FROM STDIN") as target:
        for row in chain([first], rows):
            target.write_row(list(row.values()))


def product_row(product: ProductDraft) -> Row:
    """A product shows the prices of its cheapest variant; barcode and weight are its own only if it has just one."""
    lead = product.lead
    only = product.variants[0] if len(product.variants) == 1 else None
    return {
        "product_id": new_id(),
        "row": product.row,
        "slug": product.slug,
        "name": product.name,
        "description": product.description,
        "spare_sku": derived_sku(product.slug, ()),
        "barcode": only and only.barcode,
        "price": lead.price,
        "compare_price": lead.compare_price,
        "cost_price": lead.cost_price,
        "weight": only and only.weight,
        "vendor": product.vendor,
        "product_type": product.product_type,
        "categories": product.categories,
        "tags": product.tags,
        "images": as_json(product.images),
        "options": as_json(product.options),
        "seo_title": product.seo_title,
        "seo_description": product.seo_description,
        "is_active": product.is_active,
        "is_published": product.is_published,
        "published_on": product.published_at,
        "is_digital": product.is_digital,
        "requires_shipping": any(variant.requires_shipping for variant in product.variants),
        "taxable": any(variant.taxable for variant in product.variants),
        "metadata": as_json(product.kept),
    }


def variant_row(product: ProductDraft, variant: VariantDraft) -> Row:
    option1, option2, option3 = variant.options
    return {
        "variant_id": new_id(),
        "product_row": product.row,
        "row": variant.row,
        "option1": option1,
        "option2": option2,
        "option3": option3,
        "title": variant.title,
        "sku": variant.sku,
        "spare_sku": variant.spare_sku,
        "barcode": variant.barcode,
        "price": variant.price,
        "compare_price": variant.compare_price,
        "cost_price": variant.cost_price,
        "inventory_quantity": variant.quantity,
        "weight": variant.weight,
        "image_url": variant.image_url,
        "position": variant.position,
        "allow_backorder": variant.allow_backorder,
        "requires_shipping": variant.requires_shipping,
        "taxable": variant.taxable,
        "weight_unit": variant.weight_unit,
        "metadata": as_json(variant.kept),
    }


def category_rows(products: Sequence[ProductDraft]) -> Iterator[Row]:
    """Yield the levels of all paths of a batch, each once; of two that read alike the second takes its spare slug."""
    taken: set[str] = set()
    shelves = {shelf.path: shelf for p in products for path in p.categories for shelf in levels(path)}
    for shelf in shelves.values():
        slug = shelf.spare_slug if shelf.slug in taken else shelf.slug
        taken.add(slug)
        yield asdict(shelf) | {"slug": slug}


def as_json(value: object) -> str:
    return msgspec.json.encode(value).decode()
