"""What a search knows of the catalogue beside the products themselves: its words, and what is popular."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.catalog.caching import SEARCHES, forget
from apps.catalog.statements import DATABASE, SQL
from apps.core.ids import first_id_of

# The most popular products, where a search looks first.
POPULAR_PRODUCTS = 20_000
# A number counts as a word where this many products share it.
SHARED_BY = 3
# How many products change their tier in one transaction, and how many changed ones are learnt of in one turn.
BATCH = 1000
LATEST = 5000


def recount_search_words() -> int:
    """
    Count all words of the products that customers see, and forget those that none has any more; idempotent.

    Returns:
        How many words are new or have another count.

    Source: Robertson and Zaragoza (2009), as in selectors/search/terms.py, for what the counts are used.
    """
    with transaction.atomic(using=DATABASE):
        changed = SQL.run("recount_search_words", shared=SHARED_BY)
        if changed:
            forget([SEARCHES])
    return changed


def learn_search_words(*, product_ids: Collection[UUID]) -> int:
    """
    Take up the words of these products that no other has, so that slips in them are mended; idempotent.

    Returns:
        How many words are new.
    """
    with transaction.atomic(using=DATABASE):
        return SQL.run("learn_search_words", products=list(product_ids))


def learn_changed_products(*, since: datetime) -> int:
    """
    Take up the new words of products that were announced since a moment (aware), the latest LATEST of them; idempotent.

    Returns:
        How many words are new.
    """
    changed = SQL.column("list_changed_products", since=first_id_of(since), limit=LATEST)
    return learn_search_words(product_ids=changed) if changed else 0


def learn_import(*, changed: int, since: datetime) -> None:
    """Take up the words of an import that began at a moment (aware), or count all anew after one of many products."""
    if changed > LATEST:
        recount_search_words()
    elif changed:
        learn_changed_products(since=since)


def move_search_tiers(*, popular: int = POPULAR_PRODUCTS) -> int:
    """
    Let the most popular products stand in tier 0 and all others in tier 1; idempotent.

    Some at a time, each batch a transaction of its own that locks its products in id order.

    Returns:
        How many moved.
    """
    moved = 0
    while some := _move_some(popular):
        moved += some
    return moved


def _move_some(popular: int) -> int:
    with transaction.atomic(using=DATABASE):
        return SQL.run("move_search_tiers", popular=popular, limit=BATCH)


def announce_searches() -> None:
    """Make every kept answer to a search stale after the commit; call it after every write to synonyms and boosts."""
    forget([SEARCHES])
