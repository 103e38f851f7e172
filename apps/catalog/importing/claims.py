"""Which variant has a SKU, where several rows of one file name it."""

from collections.abc import Callable

from .drafts import Finding, ProductDraft, Verdict
from .layout import Layout


def settle_in_file(product: ProductDraft, layout: Layout, claim: Callable[[str, int], int]) -> list[Finding]:
    """
    Leave each SKU to the row of the file that names it first; the other variants get their spare one.

    Args:
        claim: given a SKU and a row, answers with the row that has it.

    Returns:
        A note for each variant whose SKU another row has.
    """
    notes = []
    for variant in product.variants:
        owner = claim(variant.sku, variant.row)
        if owner != variant.row:
            reason = f"Row {owner} of the file has this SKU already; this variant gets {variant.spare_sku}."
            column = layout.header("sku")
            notes.append(Finding(variant.row, variant.line, product.slug, column, variant.sku, reason, Verdict.NOTE))
            variant.sku = variant.spare_sku
    return notes
