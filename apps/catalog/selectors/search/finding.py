"""The products that a search finds, the best first."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import BooleanField, QuerySet
from django.db.models.expressions import RawSQL

from apps.catalog.models import Product, ProductVariant
from apps.catalog.statements import DATABASE
from apps.core.database.statements import Statement

from .boosts import Condition, list_boosts
from .mending import understood
from .ranking import Fragment, Stage, last_stages, matched, score, stages_of
from .terms import Term

# The best that a search shows. Gathering and ranking are bounded by it, and so are the pages.
SEARCH_WINDOW = 400
COLUMNS = ("id", "search_vector", "popularity_score", "vendor", "product_type", "tags")


@dataclass(frozen=True, slots=True)
class Match:
    """A product that was found; `is_whole` where it has every word of the query."""

    id: UUID
    score: float
    is_whole: bool


@dataclass(frozen=True, slots=True)
class Found:
    """
    What a search found, the best first, and at most SEARCH_WINDOW of it.

    `corrected` is the query in the words that were searched, where some of its own were misspelt.
    """

    matches: Sequence[Match]
    corrected: str | None = None

    @property
    def whole(self) -> list[UUID]:
        """The products that have every word; where none has, all that were found."""
        return [match.id for match in self.matches if match.is_whole] or [match.id for match in self.matches]


def search_products(products: QuerySet[Product], *, text: str) -> Found:
    """
    Return those of the products that a query finds, the best first; none for a query without a letter or digit.

    A product needs not have every word: the more it has, the rarer they are, the weightier the place they stand in and
    the closer they stand together, the better. Before all stands the product of which a variant has the text as its
    SKU. Three statements, four for what may be an SKU; a few more for words that are not counted or misspelt.

    Args:
        products: any filtered query of products, such as list_products; its order is left aside.
        text: what a customer typed.

    Source: docs/catalog.md, Search.
    """
    sought = numbered(products, text)
    query = understood(text)
    if not query.terms:
        return Found(led(sought, []))
    boosts = list_boosts(text=query.corrected or text, runs=query.runs)
    matches = gathered(products, query.terms, boosts, stages_of(query.terms))
    if not matches and len(query.terms) > 1:
        matches = gathered(products, query.terms, boosts, last_stages(query.terms))
    return Found(led(sought, matches), None if sought else query.corrected)


def numbered(products: QuerySet[Product], text: str) -> list[UUID]:
    """Return those of the products that have an active variant with this SKU, in any case; words are not looked up."""
    sku = text.strip()
    if " " in sku and not any(letter.isdigit() for letter in sku):
        return []
    variants = ProductVariant.objects.filter(sku__iexact=sku, is_active=True)
    return list(products.order_by().filter(id__in=variants.values("product_id")).values_list("id", flat=True))


def led(first: Sequence[UUID], matches: Sequence[Match]) -> list[Match]:
    """Return matches with some products before all others."""
    best = matches[0].score + 1 if matches else 1.0
    return [*(Match(one, best, True) for one in first), *(match for match in matches if match.id not in first)]


def gathered(
    products: QuerySet[Product],
    terms: Sequence[Term],
    boosts: Sequence[tuple[Condition, float]],
    stages: Sequence[Stage],
    window: int = SEARCH_WINDOW,
) -> list[Match]:
    """Return the best of what the stages find; a later one is looked at only where an earlier one leaves room."""
    try:
        places = [rows_of(products, stage, window) for stage in stages]
    except EmptyResultSet:
        return []
    union = Fragment(" UNION ALL ".join(place.sql for place in places), [v for place in places for v in place.values])
    statement = (
        Fragment("WITH found AS MATERIALIZED (SELECT * FROM (")
        + union
        + Fragment(f") AS places LIMIT {window}) SELECT found.id, ")
        + score(terms, boosts)
        + Fragment(" AS score, ")
        + matched(terms)
        + Fragment(f" = {len(terms)} AS is_whole FROM found ORDER BY score DESC, id")
    )
    with connections[DATABASE].cursor() as cursor:
        cursor.execute(
            Statement(statement.sql, query_type="select", table="products"), cast(list[Any], statement.values)
        )
        return [Match(*row) for row in cursor.fetchall()]


def rows_of(products: QuerySet[Product], stage: Stage, window: int) -> Fragment:
    """Return the statement for the rows of one stage. Raises EmptyResultSet where the filters leave nothing."""
    condition = RawSQL(stage.condition.sql, stage.condition.values, output_field=BooleanField())  # noqa: S611
    rows = products.order_by().filter(condition).values_list(*COLUMNS)[:window]
    sql, values = rows.query.get_compiler(DATABASE).as_sql()
    return Fragment(f"({sql})", list(values))
