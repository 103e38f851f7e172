"""
Which bodies of the catalogue are kept, for how long, and what makes them stale.

Stock counts change with every order and make nothing stale; that a product comes into stock or runs out of it does.
"""

from collections.abc import Collection, Iterable
from functools import partial

from django.db import transaction

from apps.core.body_cache import BodyCache, invalidate

PRODUCT_LISTS = BodyCache("products", seconds=300)
PRODUCT_PAGES = BodyCache("product", seconds=3600)
# The reviews of a product; how many found each helpful makes nothing stale.
REVIEW_LISTS = BodyCache("reviews", seconds=300)
SUGGESTIONS_TYPED = BodyCache("suggestions", seconds=300)
MARKET_PAGES = BodyCache("market_product", seconds=3600)
MARKET_LISTS = BodyCache("markets", seconds=300)
CATEGORY_TREES = BodyCache("categories", seconds=3600)
CATEGORY_PAGES = BodyCache("category", seconds=300)

LISTS = "products"
CATEGORIES = "categories"
SEARCHES = "searches"
MARKETS = "markets"
# Of lists that show variants.
VARIANTS = "variants"
# Of every product's page.
PAGES = "pages"
MANY_PAGES = 1000


def page_of(slug: str) -> str:
    """Return the tag of one product's page."""
    return f"product:{slug}"


def pages_of(slugs: Collection[str]) -> list[str]:
    """Return the tags that make the pages of these products stale; of very many, those of all products."""
    return [PAGES] if len(slugs) > MANY_PAGES else [page_of(slug) for slug in slugs]


def forget(tags: Iterable[str]) -> None:
    """Make the bodies with these tags stale, once the transaction under way is committed."""
    transaction.on_commit(partial(invalidate, list(tags)), using="catalog")
