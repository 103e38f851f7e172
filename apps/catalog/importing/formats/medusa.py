"""
Medusa's product CSV, of version 1 and of version 2; each row is a variant and repeats its product.

Prices are those of the shop's currency. Prices in other currencies are kept; those of a region are noted besides, for
the shop has no regions. A column that begins with Product or Variant and is none of Medusa's refuses its rows.
"""

import re
from collections.abc import Iterator, Sequence

from django.conf import settings

from apps.catalog.importing.drafts import Finding, Verdict
from apps.catalog.importing.layout import Layout, folded
from apps.catalog.importing.rows import Row
from apps.catalog.importing.terms import Terms
from apps.catalog.importing.values import TRUE, written_tags

from .forms import Settled, Texts, sheet, with_addresses

FIELDS: dict[str, tuple[str, ...]] = {
    "handle": ("Product Handle",),
    "title": ("Product Title",),
    "body": ("Product Description",),
    "type": ("Product Type",),
    "gift_card": ("Product Is Giftcard",),
    "sku": ("Variant Sku",),
    "policy": ("Variant Allow Backorder",),
    "quantity": ("Variant Inventory Quantity",),
    "grams": ("Variant Weight",),
} | {
    f"option{n}_{part.lower()}": (f"Variant Option {n} {part}", f"Option {n} {part}")
    for n in (1, 2, 3)
    for part in ("Name", "Value")
}
COMPUTED = {
    "status": ("Product Status",),
    "tracker": ("Variant Manage Inventory",),
    "barcode": ("Variant Barcode",),
    "tags": ("Product Tag 1", "Product Tags"),
    "image_src": ("Product Image 1", "Image 1 Url"),
}
REQUIRED = {"handle": "Product Handle", "title": "Product Title"}
OF_VARIANT = ("variant ", "price ")
PRODUCT = re.compile(
    r"product (?:id|handle|title|subtitle|description|status|thumbnail|weight|length|width|height|material|metadata|"
    r"type|tags|discountable|external id|hs code|origin country|mid code|is giftcard|collection (?:id|title|handle)|"
    r"type id|(?:created|updated|deleted) at|profile (?:name|type)|(?:tag|image|category|sales channel) \d+)"
)
VARIANT = re.compile(
    r"variant (?:id|title|sku|barcode|ean|upc|weight|length|width|height|material|metadata|hs code|origin country|"
    r"mid code|allow backorder|manage inventory|inventory quantity|variant rank|product id|"
    r"(?:created|updated|deleted) at|price .+|option \d+ (?:name|value))"
)
REGION_PRICE = re.compile(r"(?:variant )?price .+ \[[a-z]{3}\]")
CATEGORY = re.compile(r"product category \d+")
IMAGE = re.compile(r"product thumbnail|product image \d+|image \d+ url")
TAG = re.compile(r"product tag(?:s| \d+)")
GATHERED = re.compile(f"{IMAGE.pattern}|{TAG.pattern}")
PUBLISHED = "published"
NO_REGIONS = "The shop has no regions; the price is kept, and nobody is asked for it."
FOREIGN_ID = "This is the number of a category in the other shop; it is kept, and the product is put into none."
NOT_MEDUSAS = "Medusa has no such column, so what it means is not known. Correct its name, or take it out."


class MedusaForm:
    """A product file of Medusa."""

    pads_short_rows = False

    def __init__(self, header: Sequence[str], terms: Terms) -> None:
        currency = settings.SHOP_CURRENCY
        prices: dict[str, tuple[str, ...]] = {"price": (f"Variant Price {currency}", f"Price {currency}")}
        required = REQUIRED | {"price": f"Variant Price {currency}"}
        self.sheet = sheet(
            "medusa", header, FIELDS | prices, COMPUTED, of_variant=OF_VARIANT, required=required, gathered=GATHERED
        )
        self.layout = self.sheet.layout
        self.media_url = terms.media_url

    def settle(self, rows: Sequence[Row]) -> Settled:
        """Let each picture of a product have a row; say what is not Medusa's, and what the shop has no use for."""
        if any(row.flaw for row in rows):
            return rows, []
        spread = [each for row in rows for each in self.spread(row)]
        settled, notes = with_addresses(once_an_image(spread, self.layout), self.layout, self.media_url)
        return settled, [*(finding for row in rows for finding in self.objections(row)), *notes]

    def spread(self, row: Row) -> Iterator[Row]:
        """Yield a row as the rules read it, then one for each further picture."""
        cells = self.sheet.read(row)
        first, *further = [text for name, text in cells.items() if IMAGE.fullmatch(name) and text] or [""]
        status = cells.get("product status", "")
        worked_out = {
            "status": {PUBLISHED: "active", "": ""}.get(status.lower(), "draft"),
            "tracker": "shopify" if cells.get("variant manage inventory", "").lower() in TRUE else "",
            "barcode": cells.get("variant barcode") or cells.get("variant ean") or cells.get("variant upc") or "",
            "tags": written_tags(tags(cells)),
            "image_src": first,
        }
        yield self.sheet.write(row, worked_out)
        for address in further:
            yield self.sheet.bare(row, {"image_src": address})

    def objections(self, row: Row) -> Iterator[Finding]:
        """Yield what there is to say of the filled cells of a row, column by column."""
        handle = row.cells[self.layout.at["handle"]]
        for extra in self.layout.extras:
            text = row.cells[extra.index]
            if text and (said := remark(folded(extra.header))) is not None:
                reason, verdict = said
                yield Finding(row.number, row.line, handle, extra.header, text, reason, verdict)


def remark(name: str) -> tuple[str, Verdict] | None:
    """Return what is to be said of a column that has no field, and how grave it is."""
    if REGION_PRICE.fullmatch(name):
        return NO_REGIONS, Verdict.NOTE
    if CATEGORY.fullmatch(name):
        return FOREIGN_ID, Verdict.NOTE
    if name.startswith(("product ", "variant ")) and not (PRODUCT.fullmatch(name) or VARIANT.fullmatch(name)):
        return NOT_MEDUSAS, Verdict.PRODUCT_REFUSED
    return None


def tags(cells: Texts) -> list[str]:
    """Return the tags of a row: version 1 writes them into one cell, version 2 each into its own."""
    found = [(name, text) for name, text in cells.items() if TAG.fullmatch(name) and text]
    return [tag for name, text in found for tag in (text.split(",") if name == "product tags" else [text])]


def once_an_image(rows: Sequence[Row], layout: Layout) -> list[Row]:
    """Leave out the rows of pictures that a row before names: every variant repeats those of its product."""
    seen: set[str] = set()
    found = []
    for row in rows:
        image = row.cells[layout.at["image_src"]] if "image_src" in layout.at else ""
        is_bare = not row.cells[layout.at["title"]]
        if not (is_bare and image in seen):
            found.append(row)
        seen.add(image)
    return found
