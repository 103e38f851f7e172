"""Short ways for tests to write a merchant's file, to read it by the rules, and to import it."""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

from django.db import transaction

from apps.catalog.importing.drafts import Finding, ProductDraft, Reading
from apps.catalog.importing.encoding import detect
from apps.catalog.importing.gathering import gather
from apps.catalog.importing.layout import read_layout
from apps.catalog.importing.progress import Progress, no_progress
from apps.catalog.importing.report import Report
from apps.catalog.importing.rows import Row, opened
from apps.catalog.importing.rules import read_product
from apps.catalog.importing.run import USUAL_TERMS, import_products
from apps.catalog.importing.scratch import Scratch, scratch
from apps.catalog.importing.terms import Terms

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
SHIRT = {
    "Handle": "linen-shirt",
    "Title": "Linen Shirt",
    "Option1 Name": "Size",
    "Option1 Value": "M",
    "Variant SKU": "LINEN-M",
    "Variant Inventory Tracker": "shopify",
    "Variant Inventory Qty": "5",
    "Variant Inventory Policy": "deny",
    "Variant Price": "49.00",
}
Cells = Mapping[str, str]


def shirt(**cells: str) -> dict[str, str]:
    """One row of the linen shirt; `variant_price="1"` changes its cell Variant Price."""
    return SHIRT | named(cells)


def more(**cells: str) -> dict[str, str]:
    """A further row of the linen shirt, as exports write them: the product's own cells are blank."""
    return shirt(**cells) | {"Title": ""}


def named(cells: Cells) -> dict[str, str]:
    known = {header.replace(" ", "_").replace("(", "").replace(")", "").lower(): header for header in COLUMNS}
    return {known[name]: text for name, text in cells.items()}


COLUMNS = [
    *SHIRT,
    "Body (HTML)",
    "Vendor",
    "Product Category",
    "Type",
    "Tags",
    "Published",
    "Status",
    "Option2 Name",
    "Option2 Value",
    "Variant Grams",
    "Variant Compare At Price",
    "Cost per item",
    "Variant Requires Shipping",
    "Variant Taxable",
    "Variant Barcode",
    "Image Src",
    "Image Position",
    "Image Alt Text",
    "Gift Card",
    "SEO Title",
    "Variant Image",
    "Variant Weight Unit",
    "Variant Tax Code",
]


def header_of(rows: Iterable[Cells]) -> list[str]:
    """The columns that some row fills or names, in the order of COLUMNS."""
    used = {column for row in rows for column in row}
    return [*(column for column in COLUMNS if column in used), *sorted(used - {*COLUMNS})]


def text_of(*rows: Cells) -> str:
    """The rows as a CSV file with just the columns they name."""
    file = StringIO(newline="")
    writer = csv.DictWriter(file, header_of(rows), restval="")
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue()


def reading_of(*rows: Cells) -> Reading:
    """What the rules make of the rows of one product."""
    header = header_of(rows)
    layout = read_layout(header)
    return read_product(rows[0]["Handle"], [row_of(cells, header, n) for n, cells in enumerate(rows, 2)], layout)


def row_of(cells: Cells, header: Sequence[str], number: int) -> Row:
    return Row(number, number, [cells.get(column, "") for column in header])


def said(reading: Reading) -> list[tuple[int, str | None, str]]:
    """The findings as row, column and verdict."""
    return [(finding.row, finding.column, finding.verdict.value) for finding in reading.findings]


class Desk:
    """Imports files written for a test, and keeps what came of each."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self.folder = folder
        self.stack = stack
        self.scratch: Scratch | None = None

    def run(
        self,
        *rows: Cells,
        dry: bool = False,
        now: datetime = NOW,
        progress: Progress = no_progress,
        terms: Terms = USUAL_TERMS,
    ) -> Report:
        """Import these rows."""
        path = self.folder / "products.csv"
        path.write_text(text_of(*rows), encoding="utf-8", newline="")
        return self.run_file(path, dry=dry, now=now, progress=progress, terms=terms)

    def run_file(
        self,
        path: Path,
        *,
        dry: bool = False,
        now: datetime = NOW,
        progress: Progress = no_progress,
        terms: Terms = USUAL_TERMS,
    ) -> Report:
        self.scratch = self.stack.enter_context(scratch())
        return import_products(path=path, scratch=self.scratch, now=now, is_dry=dry, progress=progress, terms=terms)

    def findings(self, *, notes: bool = False) -> list[Finding]:
        """What the last import refused, or noted."""
        assert self.scratch is not None
        return list(self.scratch.findings(notes=notes))


@contextmanager
def a_shop_of_its_own() -> Iterator[None]:
    """Whatever is written inside is gone afterwards."""
    with transaction.atomic(using="catalog"):
        yield
        transaction.set_rollback(True, using="catalog")


def products_of(path: Path) -> list[ProductDraft]:
    """The products that a file describes, without a database."""
    with opened(path, detect(path)) as source, scratch() as desk:
        layout = read_layout(source.header)
        gather(source, layout, desk, Report(path.name, layout.name, "", None, True), lambda: None)
        readings = [read_product(handle, rows, layout) for handle, rows in desk.products()]
    return [reading.product for reading in readings if reading.product is not None]


def scarf(**cells: str) -> dict[str, str]:
    return shirt(**cells) | {"Handle": "silk-scarf", "Title": "Silk Scarf"} | own_sku(cells, "SCARF")


def hat(**cells: str) -> dict[str, str]:
    return shirt(**cells) | {"Handle": "straw-hat", "Title": "Straw Hat"} | own_sku(cells, "HAT")


def own_sku(cells: dict[str, str], sku: str) -> dict[str, str]:
    return {"Variant SKU": cells.get("variant_sku", sku)}
