"""
Saleor's products as its own `dumpdata` writes them: one JSON array of rows of tables.

A row of the report is the place of a variant in the array. Prices and publication are those of the first active channel
in the shop's currency; stock is what all warehouses have and no order holds.
"""

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any

from django.conf import settings

from apps.catalog.importing.errors import UnreadableFile
from apps.catalog.importing.layout import Extra, Layout
from apps.catalog.importing.rows import Row
from apps.catalog.importing.shelves import SEPARATOR
from apps.catalog.importing.terms import Terms

from .forms import Settled, with_addresses

# Each field with what Saleor calls it.
COLUMNS = {
    "handle": "slug",
    "title": "name",
    "body": "description",
    "category": "category",
    "type": "product_type",
    "published": "is_published",
    "option1_name": "attribute 1",
    "option1_value": "attribute 1 value",
    "option2_name": "attribute 2",
    "option2_value": "attribute 2 value",
    "option3_name": "attribute 3",
    "option3_value": "attribute 3 value",
    "sku": "sku",
    "grams": "weight",
    "tracker": "track_inventory",
    "quantity": "quantity",
    "price": "price_amount",
    "cost": "cost_price_amount",
    "requires_shipping": "is_shipping_required",
    "gift_card": "kind",
    "image_src": "image",
    "image_alt": "alt",
    "seo_title": "seo_title",
    "seo_description": "seo_description",
}
MOST_OPTIONS = 3
BLOCKS = {"paragraph": "p", "quote": "blockquote"}
Fields = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the file a row of a table stands: its place in the array, from 1, and its line."""

    number: int
    line: int


@dataclass(slots=True)
class Dump:
    """The rows of the file by table and key, and their places."""

    tables: dict[str, dict[Any, Fields]] = field(default_factory=lambda: defaultdict(dict))
    places: dict[tuple[str, Any], Place] = field(default_factory=dict)

    def by(self, table: str, column: str) -> dict[Any, list[tuple[Any, Fields]]]:
        """Return the rows of a table by what stands in a column, in the order of `sort_order`, then of the key."""
        found: dict[Any, list[tuple[Any, Fields]]] = defaultdict(list)
        for key, fields in self.tables[table].items():
            found[fields[column]].append((key, fields))
        for rows in found.values():
            rows.sort(key=lambda row: (row[1].get("sort_order") is None, row[1].get("sort_order") or 0, str(row[0])))
        return found


def read_dump(text: str) -> Dump:
    """
    Read the array row by row.

    Raises:
        UnreadableFile: it is no JSON, or no array of rows of tables.
    """
    decoder, dump = json.JSONDecoder(), Dump()
    at, line, number = skip(text, text.find("[") + 1), 1, 0
    told = 0
    try:
        while text[at] != "]":
            line, told = line + text.count("\n", told, at), at
            row, at = decoder.raw_decode(text, at)
            number += 1
            dump.tables[row["model"]][row["pk"]] = row["fields"]
            dump.places[row["model"], row["pk"]] = Place(number, line)
            at = skip(text, at)
    except (ValueError, KeyError, TypeError, IndexError) as error:
        raise UnreadableFile(f"After row {number} the file is no array of Saleor's rows: {error!r}.") from None
    return dump


def skip(text: str, at: int) -> int:
    while at < len(text) and text[at] in " \t\r\n,":
        at += 1
    return at


class SaleorForm:
    """What Saleor's dumpdata writes of its products."""

    pads_short_rows = False

    def __init__(self, text: str, terms: Terms) -> None:
        self.media_url = terms.media_url
        self.dump = read_dump(text)
        self.channel = channel_of(self.dump)
        self.attributes = sorted(attributes_of_products(self.dump))
        width = len(COLUMNS)
        at = {name: index for index, name in enumerate(COLUMNS)}
        extras = [Extra(name, width + index, of_variant=False) for index, name in enumerate(self.attributes)]
        self.layout = Layout("saleor", width + len(extras), at, dict(COLUMNS), tuple(extras))

    def settle(self, rows: Sequence[Row]) -> Settled:
        """Give the pictures their addresses."""
        return with_addresses(rows, self.layout, self.media_url)

    def rows(self) -> Iterator[Row]:
        """Yield a row for each variant, the first with its product, and one for each further picture."""
        dump = self.dump
        variants = dump.by("product.productvariant", "product")
        media = dump.by("product.productmedia", "product")
        reader = Variants(dump, self.channel)
        for key, product in dump.tables["product.product"].items():
            place = dump.places["product.product", key]
            cells = product_cells(dump, key, product, self.channel)
            images = [image_cells(fields) for _, fields in media[key] if fields.get("type", "IMAGE") == "IMAGE"]
            lines: list[tuple[Place, Fields]] = [
                (dump.places["product.productvariant", pk], reader.cells(pk, variant, len(variants[key])))
                for pk, variant in variants[key]
            ] or [(place, {})]
            lines += [(lines[-1][0], {})] * (len(images) - len(lines))
            for index, (where, of_variant) in enumerate(lines):
                of_image = images[index] if index < len(images) else {}
                of_product = cells if index == 0 else {"handle": product["slug"]}
                yield self.row(where, of_product | of_variant | of_image)

    def row(self, place: Place, cells: Fields) -> Row:
        order = [*COLUMNS, *self.attributes]
        return Row(
            place.number, place.line, ["" if cells.get(name) is None else str(cells[name]).strip() for name in order]
        )


def channel_of(dump: Dump) -> Any:
    found = [
        key
        for key, channel in sorted(dump.tables["channel.channel"].items())
        if channel["is_active"] and channel["currency_code"] == settings.SHOP_CURRENCY
    ]
    if not found:
        raise UnreadableFile(f"No active channel of the file sells in {settings.SHOP_CURRENCY}.")
    return found[0]


def attributes_of_products(dump: Dump) -> set[str]:
    values, names = dump.tables["attribute.attributevalue"], dump.tables["attribute.attribute"]
    assigned = dump.tables["attribute.assignedproductattributevalue"].values()
    return {names[values[each["value"]]["attribute"]]["name"] for each in assigned}


def product_cells(dump: Dump, key: Any, product: Fields, channel: Any) -> Fields:
    kind = dump.tables["product.producttype"][product["product_type"]]
    listings = dump.tables["product.productchannellisting"].values()
    is_published = any(
        each["is_published"] for each in listings if (each["product"], each["channel"]) == (key, channel)
    )
    return {
        "handle": product["slug"],
        "title": product["name"],
        "body": html_of(product["description"]),
        "category": path_of(dump, product["category"]),
        "type": kind["name"],
        "published": "TRUE" if is_published else "FALSE",
        "gift_card": "TRUE" if kind["kind"] == "gift_card" else "FALSE",
        "seo_title": product["seo_title"],
        "seo_description": product["seo_description"],
    } | attributes_of(dump, key)


def attributes_of(dump: Dump, product: Any) -> dict[str, str]:
    values, names = dump.tables["attribute.attributevalue"], dump.tables["attribute.attribute"]
    found: dict[str, list[str]] = defaultdict(list)
    for each in dump.tables["attribute.assignedproductattributevalue"].values():
        if each["product"] == product:
            value = values[each["value"]]
            found[names[value["attribute"]]["name"]].append(value["name"])
    return {name: ", ".join(texts) for name, texts in found.items()}


def path_of(dump: Dump, category: Any) -> str:
    names: list[str] = []
    while category is not None:
        fields = dump.tables["product.category"][category]
        names, category = [fields["name"], *names], fields["parent"]
    return f" {SEPARATOR} ".join(names)


def html_of(description: Fields | None) -> str:
    """Turn the blocks of Editor.js into HTML."""
    return "".join(map(html_of_block, (description or {}).get("blocks", [])))


def html_of_block(block: Fields) -> str:
    kind, data = block["type"], block["data"]
    if kind == "header":
        return f"<h{int(data['level'])}>{data['text']}</h{int(data['level'])}>"
    if kind == "list":
        tag = "ol" if data.get("style") == "ordered" else "ul"
        return f"<{tag}>{''.join(f'<li>{item}</li>' for item in data['items'])}</{tag}>"
    tag = BLOCKS.get(kind, "p")
    return f"<{tag}>{data.get('text') or escape(str(data.get('caption', '')))}</{tag}>"


def image_cells(media: Fields) -> Fields:
    return {"image_src": media["external_url"] or media["image"], "image_alt": media["alt"]}


class Variants:
    """Reads the variants of a dump, whose tables it has sorted once."""

    def __init__(self, dump: Dump, channel: Any) -> None:
        self.dump = dump
        listings = dump.tables["product.productvariantchannellisting"].values()
        self.listings = {each["variant"]: each for each in listings if each["channel"] == channel}
        self.stocks = dump.by("warehouse.stock", "product_variant")
        self.assignments = dump.by("attribute.assignedvariantattribute", "variant")
        self.values = dump.by("attribute.assignedvariantattributevalue", "assignment")

    def cells(self, key: Any, variant: Fields, of_several: int) -> Fields:
        product = self.dump.tables["product.product"][variant["product"]]
        kind = self.dump.tables["product.producttype"][product["product_type"]]
        listing = self.listings.get(key, {})
        stocks = [fields["quantity"] - fields["quantity_allocated"] for _, fields in self.stocks[key]]
        return self.options(key, variant["name"], of_several) | {
            "sku": variant["sku"],
            "grams": grams(variant["weight"] or product["weight"] or kind["weight"]),
            "tracker": "shopify" if variant["track_inventory"] else "",
            "quantity": sum(stocks) if stocks else "",
            "price": listing.get("price_amount"),
            "cost": listing.get("cost_price_amount"),
            "requires_shipping": "TRUE" if kind["is_shipping_required"] else "FALSE",
        }

    def options(self, key: Any, name: str, of_several: int) -> Fields:
        """Return the attributes that tell variants apart; of several without any, the name does."""
        found = list(self.attributes(key))[:MOST_OPTIONS]
        if not found:
            found = [("Title", name if of_several > 1 else "Default Title")]
        return {
            f"option{number}_{part}": text
            for number, pair in enumerate(found, start=1)
            for part, text in zip(("name", "value"), pair, strict=True)
        }

    def attributes(self, key: Any) -> Iterator[tuple[str, str]]:
        tables = self.dump.tables
        for assignment, fields in self.assignments[key]:
            attribute = tables["attribute.attributevariant"][fields["assignment"]]["attribute"]
            values = [
                tables["attribute.attributevalue"][value["value"]]["name"] for _, value in self.values[assignment]
            ]
            if values:
                yield tables["attribute.attribute"][attribute]["name"], ", ".join(values)


def grams(weight: str | None) -> str:
    """Read a weight as Saleor writes it, in grams: 1000.0:g."""
    number = (weight or "").partition(":")[0]
    return "" if number in {"", "0.0"} else number
