"""
A catalogue of any size, streamed into the database by COPY.

Triggers run as for every other writer, so search vectors, totals, the ledger's first lines and the ancestors of
categories are right by construction. What only makes the load slow is put off: the indexes of products and variants
that no constraint needs are dropped first and made anew at the end. Ratings are written as if reviews had been.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any
from uuid import UUID, uuid5

from django.db import connections, transaction

from apps.catalog import services

from .products import PRODUCT_COLUMNS, VARIANT_COLUMNS, Generated, generated

BATCH = 20_000
CATEGORIES = UUID("0b0e3f0e-6a53-4f0b-9d5e-0b6a5f5d7c11")
ROOTS, BELOW = 10, 9
INDEXES = """
SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid)
FROM pg_index i
WHERE i.indrelid IN ('products'::regclass, 'product_variants'::regclass, 'product_categories'::regclass)
    AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conindid = i.indexrelid)
    AND NOT i.indisunique
"""


def fill(count: int, *, seed: int = 1) -> None:
    """Put so many products into the catalogue, which must be empty; then count words and tiers, and ANALYZE."""
    leaves = make_categories()
    with without_indexes():
        products = generated(count, seed=seed, leaves=leaves)
        while batch := list(islice(products, BATCH)):
            with transaction.atomic(using="catalog"):
                load(batch)
    with connections["catalog"].cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    services.move_search_tiers()
    services.recount_search_words()
    with connections["catalog"].cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def make_categories() -> list[UUID]:
    """Make a tree of three levels; return the ids of its leaves."""
    leaves: list[UUID] = []
    rows: list[tuple[UUID, str, str, UUID | None]] = []
    for root in range(ROOTS):
        rows.append((category_id(root), f"Root {root}", f"root-{root}", None))
        for branch in range(BELOW):
            rows.append((category_id(root, branch), f"Branch {branch}", f"branch-{root}-{branch}", category_id(root)))
            for leaf in range(BELOW):
                leaves.append(category_id(root, branch, leaf))
                slug = f"leaf-{root}-{branch}-{leaf}"
                rows.append((leaves[-1], f"Leaf {leaf}", slug, category_id(root, branch)))
    copy_rows("categories", ("id", "name", "slug", "parent_id"), rows)
    return leaves


def category_id(*path: int) -> UUID:
    return uuid5(CATEGORIES, "/".join(map(str, path)))


@contextmanager
def without_indexes() -> Iterator[None]:
    """Drop the indexes that are in nobody's way but the loader's, and make them anew."""
    with connections["catalog"].cursor() as cursor:
        cursor.execute(INDEXES)
        definitions = dict(cursor.fetchall())
        cursor.execute("".join(f"DROP INDEX {name};" for name in definitions))
        yield
        cursor.execute("SET maintenance_work_mem = '512MB'")
        for definition in definitions.values():
            cursor.execute(definition)
        cursor.execute("RESET maintenance_work_mem")


def load(batch: Sequence[Generated]) -> None:
    copy_rows("products", PRODUCT_COLUMNS, (one.product for one in batch))
    copy_rows("product_variants", VARIANT_COLUMNS, (variant for one in batch for variant in one.variants))
    placed = ((one.product[0], category) for one in batch for category in one.category_ids)
    copy_rows("product_categories", ("product_id", "category_id"), placed)


def copy_rows(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    statement = f"COPY {table} ({', '.join(columns)}) FROM STDIN"
    with connections["catalog"].cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)
