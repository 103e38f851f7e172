"""
Which column of a file means what.

A header is compared without case and with its blanks folded, so padded and re-capitalised headers are the same. Columns
that have no field of their own are kept, under their header, in the metadata of the product or of its variants.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from .errors import UnreadableFile

# The names each field has had, from the oldest layout to the newest; in the order in which Shopify writes its columns.
HEADERS: dict[str, tuple[str, ...]] = {
    "handle": ("Handle", "URL handle"),
    "title": ("Title",),
    "body": ("Body (HTML)", "Body", "Description"),
    "vendor": ("Vendor",),
    "category": ("Product Category",),
    "type": ("Type",),
    "tags": ("Tags",),
    "published": ("Published", "Published on online store"),
    "option1_name": ("Option1 Name",),
    "option1_value": ("Option1 Value",),
    "option2_name": ("Option2 Name",),
    "option2_value": ("Option2 Value",),
    "option3_name": ("Option3 Name",),
    "option3_value": ("Option3 Value",),
    "sku": ("Variant SKU", "SKU"),
    "grams": ("Variant Grams", "Weight value (grams)"),
    "tracker": ("Variant Inventory Tracker", "Inventory tracker"),
    "quantity": ("Variant Inventory Qty", "Variant Inventory Quantity", "Inventory quantity"),
    "policy": ("Variant Inventory Policy", "Continue selling when out of stock"),
    "price": ("Variant Price", "Price"),
    "compare_at": ("Variant Compare At Price", "Compare-at price"),
    "requires_shipping": ("Variant Requires Shipping", "Requires shipping"),
    "taxable": ("Variant Taxable", "Charge tax"),
    "barcode": ("Variant Barcode", "Barcode"),
    "image_src": ("Image Src", "Product image URL"),
    "image_position": ("Image Position",),
    "image_alt": ("Image Alt Text",),
    "gift_card": ("Gift Card",),
    "seo_title": ("SEO Title",),
    "seo_description": ("SEO Description",),
    "variant_image": ("Variant Image", "Variant image URL"),
    "weight_unit": ("Variant Weight Unit", "Weight unit for display"),
    "cost": ("Cost per item",),
    "status": ("Status",),
}
# What Shopify has no column for; an export has these only where some product needs them.
OURS: dict[str, tuple[str, ...]] = {
    "more_categories": ("Further Categories",),
    "published_at": ("Published At",),
}
REQUIRED = ("handle", "title", "price")
# Columns without a field of their own that speak of the variant in the row, by how they begin.
VARIANT_EXTRAS = (
    "variant ",
    "fulfillment service",
    "tax code",
    "unit price ",
    "price / ",
    "compare at price / ",
    "compare-at price / ",
    "google shopping ",
)
DELIMITERS = (",", ";", "\t")
SHORT_COLUMNS = 20


def folded(header: str) -> str:
    return " ".join(header.split()).casefold()


FIELDS = {folded(header): field for field, headers in (HEADERS | OURS).items() for header in headers}


@dataclass(frozen=True, slots=True)
class Extra:
    """A column that is kept as it is, under its header."""

    header: str
    index: int
    of_variant: bool


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns of one file: where each field stands, what it is called there, and what else there is."""

    name: str
    width: int
    at: dict[str, int]
    headers: dict[str, str]
    extras: tuple[Extra, ...]

    def has(self, field: str) -> bool:
        return field in self.at

    def header(self, field: str) -> str:
        """Return what the file calls a field, or what it would be called in the layout of 2024."""
        return self.headers.get(field, self.canonical(field))

    @staticmethod
    def canonical(field: str) -> str:
        """Return what a field is called in the layout of 2024, whatever the file calls it."""
        return (HEADERS | OURS)[field][0]

    def without(self, *fields: str) -> "Layout":
        """Return this layout as if the file had no columns for some fields."""
        return replace(self, at={field: index for field, index in self.at.items() if field not in fields})

    @property
    def own_headers(self) -> list[str]:
        """The headers under which this file's cells may be kept, so that a blank cell clears what was kept before."""
        return [self.canonical(field) for field in self.at] + [extra.header for extra in self.extras]


def read_layout(header: Sequence[str]) -> Layout:
    """
    Tell the layout of a file from its first row.

    Raises:
        UnreadableFile: when a column that must be there is missing, or one stands twice.
    """
    at: dict[str, int] = {}
    extras: dict[str, Extra] = {}
    for index, cell in enumerate(header):
        name = " ".join(cell.split())
        field = FIELDS.get(folded(name))
        if name and (field in at or name in extras):
            raise UnreadableFile(f"The column {name} stands twice in the header; leave one.")
        if field is not None:
            at[field] = index
        elif name:
            extras[name] = Extra(name, index, of_variant=speaks_of_variant(folded(name)))
    refuse_missing(at)
    headers = {field: " ".join(header[index].split()) for field, index in at.items()}
    return Layout(layout_name(at, headers, len(header)), len(header), at, headers, tuple(extras.values()))


def speaks_of_variant(header: str) -> bool:
    return header.startswith(VARIANT_EXTRAS) or "(variant.metafields." in header


def refuse_missing(at: dict[str, int]) -> None:
    missing = [HEADERS[field][0] for field in REQUIRED if field not in at]
    if missing:
        columns = f"column {missing[0]}" if len(missing) == 1 else f"columns {', '.join(missing)}"
        raise UnreadableFile(f"The header has no {columns}, so this is not a product file.")


def layout_name(at: dict[str, int], headers: dict[str, str], width: int) -> str:
    if width < SHORT_COLUMNS:
        return "short"
    if folded(headers["handle"]) == "url handle":
        return "2025"
    return "2024" if "category" in at else "classic"


def known_columns(header: Sequence[str]) -> int:
    """Count the columns of a header that have a field: how well a delimiter fits."""
    return sum(folded(cell) in FIELDS for cell in header)
