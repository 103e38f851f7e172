"""
A batch of products, written in one transaction by a handful of statements: each product whole, or not at all.

What does not differ is not written. Where the database refuses a batch, it is halved until the one product that it
refuses is alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import DataError, IntegrityError, OperationalError, connections, transaction
from django.db.backends.utils import CursorWrapper
from psycopg.errors import DeadlockDetected

from apps.catalog.models import ProductVariant
from apps.catalog.services import acting, announce_categories, announce_products, settle_levels, show_new_prices
from apps.catalog.statements import DATABASE
from apps.core.sql import Statements

from .absent import keeping_statements
from .drafts import Finding, ProductDraft, Verdict, WantedSku
from .layout import Layout
from .staging import stage
from .terms import Shelving, Terms

SQL = Statements(Path(__file__).parent / "sql", using=DATABASE)
UNKNOWN = "The shop has no such category; the product is imported, and stands where it stood."


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """What the writing of every batch shares: which import it is, of which file, when, and whether it is for real."""

    import_id: UUID
    file_name: str
    layout: Layout
    now: datetime
    is_dry: bool
    terms: Terms = field(default_factory=Terms)


@dataclass(slots=True)
class Written:
    """What came of one transaction. Counts of rows; `stock` in pieces, of the variants that the file names."""

    products: int = 0
    variants: int = 0
    products_created: int = 0
    products_updated: int = 0
    variants_created: int = 0
    variants_updated: int = 0
    not_in_file: int = 0
    stock: int = 0
    categories: list[str] = field(default_factory=list)
    wanted_skus: list[WantedSku] = field(default_factory=list)
    refused: list[Finding] = field(default_factory=list)
    noted: list[Finding] = field(default_factory=list)
    variants_refused: int = 0


def write(products: Sequence[ProductDraft], occasion: Occasion, *, tries: int = 3) -> list[Written]:
    """
    Write a batch, in one transaction, or in several where the database refuses some product of it.

    Returns:
        What came of each transaction. A product that the database refuses is in `refused`; nothing of it is written.
    """
    try:
        with acting(actor_id=None, source="import"):
            written = write_together(products, occasion)
            transaction.set_rollback(occasion.is_dry, using=DATABASE)
        return [written]
    except (IntegrityError, DataError) as error:
        if len(products) == 1 and tries > 1:
            # Somebody else may have made the same row just now; it is recognised the next time.
            return write(products, occasion, tries=tries - 1)
        if len(products) == 1:
            return [Written(refused=[refusal(products[0], error)], variants_refused=len(products[0].variants))]
        half = len(products) // 2
        return write(products[:half], occasion) + write(products[half:], occasion)
    except OperationalError as error:
        # Two imports that make the same rows may wait for each other in a circle; the one broken off goes again.
        if tries == 1 or not isinstance(error.__cause__, DeadlockDetected):
            raise
        return write(products, occasion, tries=tries - 1)


def write_together(products: Sequence[ProductDraft], occasion: Occasion) -> Written:
    written = Written(products=len(products), variants=sum(len(product.variants) for product in products))
    with connections[DATABASE].cursor() as cursor:
        SQL.run("stage")
        levels = stage(cursor, products)
        recognise(cursor, occasion)
        written.wanted_skus = settle_skus(products, occasion.layout)
        find_categories(products, levels, occasion, written)
        complete(occasion)
        SQL.run("show_fetched_images")
        SQL.run("flag_changes")
        SQL.run("lock_changes")
        save(occasion, written)
        if occasion.terms.fetches_images:
            SQL.run("note_images")
    return written


def recognise(cursor: CursorWrapper, occasion: Occasion) -> None:
    """Find what the shop has already, and take from it what the file does not say."""
    layout = occasion.layout
    SQL.run("recognise_products")
    SQL.run("recognise_variants")
    for statement in keeping_statements(layout):
        cursor.execute(statement)


def complete(occasion: Occasion) -> None:
    """Take from the shop what the file cannot know."""
    layout = occasion.layout
    SQL.run(
        "complete",
        now=occasion.now,
        headers=layout.own_headers,
        keeps_publication=not (layout.has("published") or layout.has("status")),
        language=occasion.terms.language,
        usual_language=settings.SEARCH_LANGUAGES[0],
    )


def settle_skus(products: Sequence[ProductDraft], layout: Layout) -> list[WantedSku]:
    """Give each variant a SKU that nobody else has; return what was wanted in vain."""
    drafts = {variant.row: (product, variant) for product in products for variant in product.variants}
    wanted = []
    for taken in SQL.rows("settle_skus"):
        product, variant = drafts[taken["row"]]
        reason = f"The product {taken['slug']} has this SKU already; this variant gets {variant.spare_sku}."
        finding = Finding(
            variant.row, variant.line, product.slug, layout.header("sku"), taken["sku"], reason, Verdict.NOTE
        )
        wanted.append(WantedSku(taken["variant_id"], taken["sku"], finding))
    return wanted


def find_categories(products: Sequence[ProductDraft], levels: int, occasion: Occasion, written: Written) -> None:
    """Find the categories of a batch, or make them where that is wanted, from the roots down; note what is unknown."""
    makes = occasion.terms.categories is Shelving.CREATE
    for level in range(levels):
        SQL.run("match_categories", level=level)
        if makes and (missing := SQL.column("missing_categories", level=level)):
            SQL.run("create_categories", level=level)
            SQL.run("match_categories", level=level)
            written.categories += missing
    if levels:
        written.noted += keep_unknown(products, occasion.layout)


def keep_unknown(products: Sequence[ProductDraft], layout: Layout) -> list[Finding]:
    """Keep what the file calls a category and the shop does not have; return a note for each product."""
    drafts = {product.row: product for product in products}
    unknown = SQL.rows("keep_unknown_categories", header=layout.canonical("category"))
    return [
        Finding(
            row["row"],
            drafts[row["row"]].line,
            drafts[row["row"]].slug,
            layout.header("category"),
            row["path"],
            UNKNOWN,
            Verdict.NOTE,
        )
        for row in unknown
    ]


def save(occasion: Occasion, written: Written) -> None:
    """Write what is new and what differs, and announce the products it concerns."""
    layout = occasion.layout
    names_all = layout.has("more_categories")
    moved = SQL.column("unlink_categories", names_all=names_all) if layout.has("category") or names_all else []
    created = SQL.column("insert_products")
    updated = SQL.column("update_products")
    variants_updated = update_variants(occasion)
    variants_created = SQL.column("insert_variants")
    linked = SQL.column("link_categories")
    written.products_created = len(created)
    written.products_updated = len({*updated, *moved, *linked} - {*created})
    written.variants_created = len(variants_created)
    written.variants_updated = len(variants_updated)
    (tally,) = SQL.rows("tally")
    written.stock, written.not_in_file = tally["stock"], tally["not_in_file"]
    touched = {*created, *updated, *variants_created, *variants_updated, *moved, *linked}
    if written.categories:
        announce_categories()
    if touched:
        show_new_prices(touched)


def update_variants(occasion: Occasion) -> list[UUID]:
    """Write the variants that differ, and return the product of each."""
    rows = SQL.rows("update_variants", import_id=occasion.import_id, notes=occasion.file_name)
    if located := [row["id"] for row in rows if row["is_located"]]:
        settle_levels(variant_ids=located, reference_id=occasion.import_id)
    return [row["product_id"] for row in rows]


def refusal(product: ProductDraft, error: Exception) -> Finding:
    diagnosis = getattr(error.__cause__, "diag", None)
    rule = getattr(diagnosis, "constraint_name", None)
    said = f"rule {rule}" if rule else str(error).splitlines()[0]
    return Finding(product.row, product.line, product.slug, None, None, f"The database refuses the product: {said}.")


def return_skus(wanted: Sequence[WantedSku]) -> set[UUID]:
    """Give variants the SKUs they wanted, where nobody has them any more; return the variants that got theirs."""
    with acting(actor_id=None, source="import"):
        variants, skus = [w.variant_id for w in wanted], [w.sku for w in wanted]
        returned = set(SQL.column("return_skus", variants=variants, skus=skus))
        products = ProductVariant.objects.using(DATABASE).filter(id__in=returned).values_list("product_id", flat=True)
        if returned:
            announce_products(product_ids=set(products))
        return returned
