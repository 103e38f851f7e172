"""How the rows of a product become its variants."""

from collections.abc import Sequence
from decimal import Decimal

from .cells import Cells
from .drafts import Options, VariantDraft, Verdict
from .skus import derived_sku
from .values import address, at_most, barcode, continues, grams, price, quantity, sku, truth, weight_unit

OPTION_FIELDS = ("option1_value", "option2_value", "option3_value")
OPTION_NAMES = ("option1_name", "option2_name", "option3_name")
# What Shopify writes where a product has no options.
NO_OPTION = ("title", "default title")
DEFAULT_TITLE = "Default Title"
LONGEST_TITLE = 255
# Who counts the stock unless a file says otherwise.
USUAL_TRACKER = "shopify"


def read_variants(rows: Sequence[Cells], names: Sequence[str | None]) -> list[VariantDraft]:
    """Return the variants of a product: one for each combination of options that has a price, the first row's."""
    variants: dict[Options, VariantDraft] = {}
    for cells in rows:
        if not cells.text("price"):
            if any(map(cells.text, (*OPTION_FIELDS, "sku"))):
                cells.refuse("price", "The row describes a variant and has no price.")
            continue
        options = read_options(cells, names)
        if options in variants:
            refuse_repeated(cells, options, variants[options].row)
        else:
            variants[options] = read_variant(cells, options, position=len(variants) + 1)
    return list(variants.values())


def read_options(cells: Cells, names: Sequence[str | None]) -> Options:
    first, second, third = (
        None if is_no_option(name, cells.text(field)) else cells.take(field, at_most(255), None)
        for name, field in zip(names, OPTION_FIELDS, strict=True)
    )
    return first, second, third


def is_no_option(name: str | None, value: str) -> bool:
    return ((name or "title").lower(), value.lower()) == NO_OPTION


def refuse_repeated(cells: Cells, options: Options, first_row: int) -> None:
    field = "option1_value" if cells.layout.has("option1_value") else "handle"
    named = title_of(options) if any(options) else "no options"
    reason = f"Row {first_row} has the same handle and options ({named}); that row is kept."
    cells.refuse(field, reason, Verdict.ROW_REFUSED)


def read_variant(cells: Cells, options: Options, position: int) -> VariantDraft:
    spare_sku = derived_sku(cells.handle, options)
    amount = cells.take("price", price, None)
    if amount == 0:
        cells.note("price", "The price is 0, so it sells for nothing.")
    sells_below_zero = cells.take("policy", continues, False) or is_untracked(cells)
    return VariantDraft(
        row=cells.row.number,
        line=cells.row.line,
        options=options,
        title=title_of(options),
        sku=cells.take("sku", sku, spare_sku),
        spare_sku=spare_sku,
        barcode=cells.take("barcode", barcode, None),
        price=amount or Decimal(0),
        compare_price=read_compare_price(cells, amount or Decimal(0)),
        cost_price=cells.take("cost", price, None),
        quantity=read_quantity(cells, sells_below_zero),
        weight=cells.take("grams", grams, None),
        image_url=cells.take("variant_image", address(500), None),
        position=position,
        allow_backorder=sells_below_zero,
        requires_shipping=cells.take("requires_shipping", truth, True),
        taxable=cells.take("taxable", truth, True),
        weight_unit=cells.take("weight_unit", weight_unit, "g"),
        kept=cells.kept(of_variant=True) | unusual_tracker(cells),
    )


def title_of(options: Options) -> str:
    return " / ".join(option for option in options if option)[:LONGEST_TITLE] or DEFAULT_TITLE


def is_untracked(cells: Cells) -> bool:
    """A variant whose stock nobody tracks is always for sale; its count goes on, below zero if need be."""
    return cells.layout.has("tracker") and not cells.text("tracker")


def read_compare_price(cells: Cells, amount: Decimal) -> Decimal | None:
    former = cells.take("compare_at", price, None)
    if not former:
        return None
    if former <= amount:
        cells.note("compare_at", f"It is not above the price, {amount}, so there is no former price to show.")
        return None
    return former


def read_quantity(cells: Cells, sells_below_zero: bool) -> int | None:
    pieces = cells.take("quantity", quantity, None)
    if pieces is not None and pieces < 0 and not sells_below_zero:
        cells.note("quantity", "The variant does not sell below zero, so its stock is 0.")
        return 0
    return pieces


def unusual_tracker(cells: Cells) -> dict[str, str]:
    tracker = cells.text("tracker")
    return {cells.layout.canonical("tracker"): tracker} if tracker and tracker.lower() != USUAL_TRACKER else {}
