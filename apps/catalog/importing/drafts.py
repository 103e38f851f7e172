"""What a file says of products, read and checked, before the database is asked anything."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID


class Verdict(StrEnum):
    """What a finding means: the whole product is refused, one row is, or it is imported and something was decided."""

    PRODUCT_REFUSED = "product"
    ROW_REFUSED = "row"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to report about one cell, or about a row when it names no column. `line` is where the row begins."""

    row: int
    line: int
    handle: str
    column: str | None
    value: str | None
    reason: str
    verdict: Verdict = Verdict.PRODUCT_REFUSED


@dataclass(slots=True)
class Seen:
    """
    What stands in a file, counted before any rule.

    Variants are distinct options with a price, images distinct addresses, both within a handle. `stock` is in pieces,
    and None where the file has no column for it.
    """

    rows: int = 0
    products: int = 0
    variants: int = 0
    images: int = 0
    stock: int | None = None
    negative_stocks: int = 0

    def add(self, other: "Seen") -> None:
        self.rows += other.rows
        self.products += other.products
        self.variants += other.variants
        self.images += other.images
        self.negative_stocks += other.negative_stocks
        if other.stock is not None:
            self.stock = (self.stock or 0) + other.stock


Options = tuple[str | None, str | None, str | None]


@dataclass(slots=True, kw_only=True)
class VariantDraft:
    """
    One variant as a file describes it. Prices in the shop's currency, weight in grams, quantity in pieces.

    `quantity` is None where the file does not say. `sku` is the one to store, `spare_sku` the one for when another
    variant has it. `kept` holds the cells of columns that have no field, by header.
    """

    row: int
    line: int
    options: Options
    title: str
    sku: str
    spare_sku: str
    barcode: str | None
    price: Decimal
    compare_price: Decimal | None
    cost_price: Decimal | None
    quantity: int | None
    weight: Decimal | None
    image_url: str | None
    position: int
    allow_backorder: bool
    requires_shipping: bool
    taxable: bool
    weight_unit: str
    kept: dict[str, str]


@dataclass(slots=True, kw_only=True)
class ProductDraft:
    """
    One product as a file describes it, with its variants in the file's order; never without one.

    `is_published` is whether customers may see it once it is active, `published_at` since when, where the file says so.
    `categories` are as `shelves.category` writes them; `images` and `options` are in the catalogue's shape.
    """

    row: int
    line: int
    slug: str
    name: str
    description: str | None
    vendor: str | None
    product_type: str | None
    categories: list[str]
    tags: list[str]
    images: list[dict[str, str]]
    options: list[dict[str, object]]
    seo_title: str | None
    seo_description: str | None
    is_active: bool
    is_published: bool
    published_at: datetime | None
    is_digital: bool
    kept: dict[str, str]
    variants: list[VariantDraft]

    @property
    def lead(self) -> VariantDraft:
        """The variant whose price the product shows: the cheapest, of several the first."""
        return min(self.variants, key=lambda variant: variant.price)


@dataclass(slots=True)
class Reading:
    """What came of the rows of one handle: a product to write, or None when a finding refuses it."""

    seen: Seen
    findings: list[Finding] = field(default_factory=list)
    product: ProductDraft | None = None


def refuses_product(findings: Iterable[Finding]) -> bool:
    return any(finding.verdict is Verdict.PRODUCT_REFUSED for finding in findings)


@dataclass(frozen=True, slots=True)
class WantedSku:
    """A SKU that a variant of the file could not have, because another product had it; `finding` says which."""

    variant_id: UUID
    sku: str
    finding: Finding
