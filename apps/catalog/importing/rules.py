"""
How the rows of one handle become a product, or the findings that refuse it whole.

Pure: the same rows give the same product. Every rule is written out in docs/importing.md.
"""

from collections.abc import Iterable, Sequence

from .cells import Cells
from .drafts import Finding, ProductDraft, Reading, Seen, VariantDraft, refuses_product
from .html import safe_html
from .images import read_images
from .layout import Layout
from .rows import Row
from .shelves import categories, category
from .values import at_most, moment, slug, status, tags, truth
from .variant_rules import OPTION_FIELDS, OPTION_NAMES, read_variants


def read_product(handle: str, rows: Sequence[Row], layout: Layout, said: Iterable[Finding] = ()) -> Reading:
    """
    Read one product from its rows, wherever in the file they stood.

    Args:
        rows: all rows of the handle, in the file's order; at least one.
        said: what was found out about them already.

    Returns:
        The product and what there is to say about it, or no product and why. Nothing of a refused product is imported.
    """
    findings = list(said)
    cells = [Cells(row, layout, handle, findings) for row in rows]
    reading = Reading(seen=count(cells), findings=findings)
    for row in cells:
        if row.row.flaw is not None:
            row.refuse(None, row.row.flaw)
    product = None if refuses_product(findings) else draft(cells)
    reading.product = None if refuses_product(findings) else product
    return reading


def draft(rows: Sequence[Cells]) -> ProductDraft | None:
    """Return the product of some sound rows; None, and a finding, where it has no title or no variant."""
    head = next((row for row in rows if row.text("title")), None)
    if head is None:
        rows[0].refuse("title", "No row of this handle has a title.")
        return None
    names = option_names(head, rows)
    variants = read_variants(rows, names)
    if not variants:
        head.refuse("price", "No row of this product has a price, so it has no variant to sell.")
        return None
    stage = head.take("status", status, "active")
    is_gift_card = head.take("gift_card", truth, False)
    return ProductDraft(
        row=head.row.number,
        line=head.row.line,
        slug=head.take("handle", slug, head.handle),
        name=head.take("title", at_most(255), ""),
        description=head.take("body", safe_html, None),
        vendor=head.take("vendor", at_most(255), None),
        product_type=head.take("type", at_most(100), None),
        categories=read_categories(head),
        tags=head.take("tags", tags, []),
        images=read_images(rows),
        options=options_of(names, variants),
        seo_title=head.take("seo_title", at_most(255), None),
        seo_description=head.text("seo_description") or None,
        is_active=stage == "active",
        is_published=head.take("published", truth, True),
        published_at=head.take("published_at", moment, None),
        is_digital=is_gift_card,
        kept=kept(head, rows, stage=stage, is_gift_card=is_gift_card),
        variants=variants,
    )


def option_names(head: Cells, rows: Sequence[Cells]) -> list[str | None]:
    """Return the names of the three options: the head row's, or else the first that a row gives."""
    names: list[str | None] = []
    for field in OPTION_NAMES:
        row = next((row for row in (head, *rows) if row.text(field)), head)
        names.append(row.take(field, at_most(255), None))
    return names


def options_of(names: Sequence[str | None], variants: Sequence[VariantDraft]) -> list[dict[str, object]]:
    """Return the options in the catalogue's shape; one that no variant has, between two that some have, stays empty."""
    values = [list(dict.fromkeys(v.options[i] for v in variants if v.options[i])) for i in range(len(names))]
    used = max((i + 1 for i, found in enumerate(values) if found), default=0)
    return [{"name": names[i] or f"Option {i + 1}", "values": values[i]} for i in range(used)]


def read_categories(head: Cells) -> list[str]:
    """Return the shelves of a product, each once: the one of its category, and those of the column for further ones."""
    first = head.take("category", category, None)
    further: list[str] = head.take("more_categories", categories, [])
    return list(dict.fromkeys([first, *further] if first else further))


def kept(head: Cells, rows: Sequence[Cells], *, stage: str, is_gift_card: bool) -> dict[str, str]:
    """
    Return what an export must give back and no column of the catalogue can hold, by header.

    That is the first filled cell of each column without a field, that a product is archived rather than a draft, and
    that it is a gift card.
    """
    found: dict[str, str] = {}
    for row in (head, *rows):
        for header, text in row.kept(of_variant=False).items():
            found.setdefault(header, text)
    if stage in {"archived", "unlisted"}:
        found[head.layout.canonical("status")] = stage
    if is_gift_card:
        found[head.layout.canonical("gift_card")] = "TRUE"
    return found


def count(rows: Sequence[Cells]) -> Seen:
    """Count what stands in the rows of a handle, sound or not."""
    variants: set[tuple[str, ...]] = set()
    images: set[str] = set()
    seen = Seen(
        rows=len({row.row.number for row in rows}), products=1, stock=0 if rows[0].layout.has("quantity") else None
    )
    for row in rows:
        if row.text("price"):
            variants.add(tuple(map(row.text, OPTION_FIELDS)))
            count_stock(row.text("quantity"), seen)
        if source := row.text("image_src"):
            images.add(source)
    seen.variants, seen.images = len(variants), len(images)
    return seen


def count_stock(text: str, seen: Seen) -> None:
    digits = text.removesuffix(".0")
    if digits.removeprefix("-").isdecimal():
        pieces = int(digits)
        seen.stock = (seen.stock or 0) + pieces
        seen.negative_stocks += pieces < 0
