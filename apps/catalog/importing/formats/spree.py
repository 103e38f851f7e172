"""
Spree's product CSV.

A product's first row is its own; where others name options, it is no variant. A row that repeats a SKU in another
currency holds nothing but its price there. Columns at the end that a row has not are blank.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from django.conf import settings

from apps.catalog.importing.drafts import Finding, Verdict
from apps.catalog.importing.layout import folded
from apps.catalog.importing.rows import Row
from apps.catalog.importing.shelves import SEPARATOR
from apps.catalog.importing.terms import Terms
from apps.catalog.importing.values import TRUE, Unfit, plain_number

from .forms import Settled, Texts, sheet

FIELDS = {
    "handle": ("slug",),
    "title": ("name",),
    "body": ("description",),
    "vendor": ("brand_name", "vendor_name"),
    "type": ("product_type",),
    "tags": ("tags",),
    "status": ("status",),
    "sku": ("sku",),
    "barcode": ("barcode",),
    "price": ("price",),
    "compare_at": ("compare_at_price",),
    "quantity": ("inventory_count",),
    "policy": ("inventory_backorderable",),
    "seo_title": ("meta_title",),
    "seo_description": ("meta_description",),
    "weight_unit": ("weight_unit",),
} | {f"option{n}_{part}": (f"option{n}_{part}",) for n in (1, 2, 3) for part in ("name", "value")}
COMPUTED = {
    "more_categories": ("category1",),
    "tracker": ("track_inventory",),
    "grams": ("weight",),
    "requires_shipping": ("digital",),
    "image_src": ("image1_src",),
    "variant_image": ("image1_src",),
}
OF_VARIANT = ("width", "height", "depth", "dimensions_unit", "tax_category", "currency", "discontinue_on")
REQUIRED = {"handle": "slug", "title": "name", "price": "price"}
# What belongs to a variant, in a row that is none.
OF_ITS_OWN = ("sku", "barcode", "price", "compare_at", "quantity", "policy", "tracker", "grams", "weight_unit")
GATHERED = re.compile(r"category\d+|image\d+_src")
BETWEEN_CATEGORIES = "->"
GRAMS = {"g": Decimal(1), "kg": Decimal(1000), "oz": Decimal("28.349523125"), "lb": Decimal("453.59237")}


class SpreeForm:
    """A product file of Spree."""

    pads_short_rows = True

    def __init__(self, header: Sequence[str], terms: Terms) -> None:
        self.sheet = sheet(
            "spree", header, FIELDS, COMPUTED, of_variant=OF_VARIANT, required=REQUIRED, gathered=GATHERED
        )
        self.layout = self.sheet.layout

    def settle(self, rows: Sequence[Row]) -> Settled:
        """Let each variant have one row, with its price in the shop's currency, and each further picture one."""
        if any(row.flaw for row in rows):
            return rows, []
        variants = {row.number for row in rows if self.sheet.read(row).get("option1_value")}
        notes: list[Finding] = []
        settled: list[Row] = []
        for group in self.by_sku(rows):
            row = next((row for row in group if row.number in variants), group[0])
            is_variant = row.number in variants or not variants
            if is_variant and "currency" in self.sheet.names:
                row = self.priced(row, group, notes)
            settled += self.spread(row, is_variant=is_variant)
        return settled, notes

    def by_sku(self, rows: Sequence[Row]) -> Collection[Sequence[Row]]:
        """Return the rows, those with one SKU together."""
        groups: dict[str, list[Row]] = {}
        for row in rows:
            groups.setdefault(self.sheet.read(row).get("sku") or f"row {row.number}", []).append(row)
        return groups.values()

    def priced(self, variant: Row, group: Sequence[Row], notes: list[Finding]) -> Row:
        """Return the row of a variant with its price in the shop's currency; refused where its SKU has none."""
        currency = self.sheet.names.index("currency")
        own = next((row for row in group if row.cells[currency].upper() in {settings.SHOP_CURRENCY, ""}), None)
        if own is None:
            flaw = f"The price is in {variant.cells[currency]}; the shop sells in {settings.SHOP_CURRENCY}."
            return replace(variant, flaw=flaw)
        notes += (self.foreign(row, row.cells[currency]) for row in group if row.cells[currency] != own.cells[currency])
        cells = list(variant.cells)
        for place in filter(None, (currency, self.layout.at["price"], self.layout.at.get("compare_at"))):
            cells[place] = own.cells[place]
        return replace(variant, cells=cells)

    def foreign(self, row: Row, currency: str) -> Finding:
        handle, price = row.cells[self.layout.at["handle"]], row.cells[self.layout.at["price"]]
        reason = f"The shop sells in {settings.SHOP_CURRENCY}; the price in {currency} is left out."
        return Finding(row.number, row.line, handle, self.layout.header("price"), price, reason, Verdict.NOTE)

    def spread(self, row: Row, *, is_variant: bool) -> Iterator[Row]:
        """Yield a row as the rules read it, then one for each further picture."""
        cells = self.sheet.read(row)
        first, *further = [text for name, text in cells.items() if is_image(name) and text] or [""]
        worked_out = {
            "more_categories": "\n".join(map(path, values_of(cells, "category"))),
            "tracker": "shopify" if cells.get("track_inventory", "").lower() in TRUE else "",
            "grams": grams(cells.get("weight", ""), cells.get("weight_unit", "")),
            "requires_shipping": "FALSE" if cells.get("digital", "").lower() in TRUE else "",
            "image_src": first,
            "variant_image": first if cells.get("option1_value") else "",
        }
        none = {} if is_variant else dict.fromkeys(OF_ITS_OWN, "")
        yield self.sheet.write(row, worked_out | none)
        for address in further:
            yield self.sheet.bare(row, {"image_src": address})


def is_image(name: str) -> bool:
    return name.startswith("image") and name.endswith("_src")


def values_of(cells: Texts, start: str) -> list[str]:
    """Return the filled cells of numbered columns: category1, category2."""
    return [text for name, text in cells.items() if name.removeprefix(start).isdecimal() and text]


def path(text: str) -> str:
    return f" {SEPARATOR} ".join(part.strip() for part in text.split(BETWEEN_CATEGORIES))


def grams(weight: str, unit: str) -> str:
    """Turn a weight into grams; one that is no plain number stays, for the rules to refuse."""
    try:
        number = plain_number(weight, example="19.8")
    except Unfit:
        return weight
    return f"{number * GRAMS.get(folded(unit), Decimal(1)):f}" if number else ""
