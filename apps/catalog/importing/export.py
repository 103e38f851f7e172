"""
The catalogue as a product CSV in the layout of 2024, page by page.

What an import kept because no column of the catalogue can hold it comes back under its header, so an export that is
imported again changes nothing.
"""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any, Protocol

from apps.catalog.models import Category, Product, ProductVariant
from apps.catalog.statements import DATABASE
from apps.core import clock

from .layout import HEADERS, OURS
from .progress import Progress, no_progress
from .shelves import SEPARATOR
from .values import written_tags
from .variant_rules import DEFAULT_TITLE, USUAL_TRACKER
from .writing import SQL

PAGE = 500
# Where Shopify puts the columns that have no field: before this one.
AFTER_KEPT = HEADERS["variant_image"][0]
NAMES = {field: headers[0] for field, headers in (HEADERS | OURS).items()}
Cells = dict[str, Any]


@dataclass(slots=True)
class Exported:
    """How many products and variants were written."""

    products: int = 0
    variants: int = 0


class Writable(Protocol):
    """What text can be written to."""

    def write(self, text: str, /) -> object: ...


def export_products(file: Writable, *, progress: Progress = no_progress) -> Exported:
    """
    Write every product into a file, in the order in which they were made, in the same memory for any number.

    Returns:
        How many products and variants were written.

    Source: docs/importing.md, Exporting.
    """
    writer = csv.DictWriter(file, header(), restval="", extrasaction="ignore")
    writer.writeheader()
    exported, total = Exported(), Product.objects.using(DATABASE).count()
    paths = category_paths()
    for product in products():
        variants = list(product.variants.all())
        writer.writerows(rows_of(product, variants, paths))
        exported.products += 1
        exported.variants += len(variants)
        if exported.products % PAGE == 0:
            progress("exporting", exported.products, total)
    return exported


def header() -> list[str]:
    own = [headers[0] for headers in HEADERS.values()]
    ours = [OURS[field][0] for field in SQL.column("needed_columns")]
    kept = [name for name in kept_headers() if name not in own and name not in ours]
    place = own.index(AFTER_KEPT)
    return [*own[:place], *kept, *own[place:], *ours]


def products() -> Iterator[Product]:
    """Yield the products with their variants and categories, three statements a page."""
    found = Product.objects.using(DATABASE).order_by("id").prefetch_related("variants", "categories")
    page = list(found[:PAGE])
    while page:
        yield from page
        page = list(found.filter(id__gt=page[-1].id)[:PAGE])


def kept_headers() -> list[str]:
    """Return the headers under which imports kept something, in the order of the alphabet."""
    return SQL.column("kept_headers")


def category_paths() -> dict[Any, str]:
    """Return each category's path by its id."""
    found = {category.pk: category for category in Category.objects.using(DATABASE).order_by()}
    paths: dict[Any, str] = {}

    def path(category: Category) -> str:
        if category.pk not in paths:
            above = f"{path(found[category.parent_id])} {SEPARATOR} " if category.parent_id else ""
            paths[category.pk] = above + category.name
        return paths[category.pk]

    for category in found.values():
        path(category)
    return paths


def rows_of(product: Product, variants: Iterable[ProductVariant], paths: dict[Any, str]) -> Iterator[Cells]:
    """Yield a product's rows: each its next variant and its next image, the first one the product too."""
    of_product = product_cells(product, paths)
    of_variants = (variant_cells(variant) for variant in variants)
    of_images = (image_cells(number, image) for number, image in enumerate(product.images, start=1))
    for variant, image in zip_longest(of_variants, of_images):
        yield {HEADERS["handle"][0]: product.slug} | of_product | (variant or {}) | (image or {})
        of_product = {}


def product_cells(product: Product, paths: dict[Any, str]) -> Cells:
    kept = dict(product.metadata.get("import", {}))
    stage = kept.pop(HEADERS["status"][0], "draft")
    category, *further = sorted(paths[category.pk] for category in product.categories.all()) or [
        kept.pop(HEADERS["category"][0], "")
    ]
    kept.pop(HEADERS["category"][0], None)
    cells = {
        "title": product.name,
        "body": product.description,
        "vendor": product.vendor,
        "category": category,
        "more_categories": "\n".join(further),
        "type": product.product_type,
        "tags": written_tags(product.tags),
        "published": yes_or_no(product.published_at is not None),
        "published_at": publication(product),
        "gift_card": "FALSE",
        "seo_title": product.seo_title,
        "seo_description": product.seo_description,
        "status": "active" if product.is_active else stage,
    }
    names = [option["name"] for option in product.options] or ["Title"]
    cells |= {f"option{number}_name": name for number, name in enumerate(names, start=1)}
    return under_headers(cells) | kept


def publication(product: Product) -> str | None:
    """Return when a product is published where `Published` alone would lose it: it is not active, or will be later."""
    when = product.published_at
    return when.isoformat() if when and (not product.is_active or when > clock.now()) else None


def variant_cells(variant: ProductVariant) -> Cells:
    options = (variant.option1, variant.option2, variant.option3)
    values = options if any(options) or variant.product.options else (DEFAULT_TITLE,)
    cells = {
        "sku": variant.sku,
        "grams": variant.weight,
        "tracker": USUAL_TRACKER,
        "quantity": variant.inventory_quantity,
        "policy": "continue" if variant.allow_backorder else "deny",
        "price": variant.price,
        "compare_at": variant.compare_price,
        "cost": variant.cost_price,
        "requires_shipping": yes_or_no(variant.requires_shipping),
        "taxable": yes_or_no(variant.taxable),
        "barcode": variant.barcode,
        "variant_image": variant.metadata.get("image_source", variant.image_url),
        "weight_unit": variant.weight_unit,
    }
    cells |= {f"option{number}_value": value for number, value in enumerate(values, start=1)}
    return under_headers(cells) | variant.metadata.get("import", {})


def image_cells(number: int, image: dict[str, str]) -> Cells:
    return under_headers(
        {"image_src": image.get("source", image["url"]), "image_position": number, "image_alt": image.get("alt")}
    )


def under_headers(cells: Cells) -> Cells:
    return {NAMES[field]: "" if value is None else value for field, value in cells.items()}


def yes_or_no(fact: bool) -> str:
    return "TRUE" if fact else "FALSE"
