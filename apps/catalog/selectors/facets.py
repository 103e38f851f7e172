"""How many products of a list have each value: of its vendors, tags, options and so on."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any, cast
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import QuerySet

from apps.catalog.models import Product
from apps.catalog.statements import DATABASE, SQL
from apps.core.database.statements import Statement

from .categories import MOST_COUNTED
from .totals import estimate_listed

# Values a facet shows, the commonest; options, which are several facets in one, show twice as many.
MOST_VALUES = 50
# Where a range of prices ends and the next begins.
PRICES = [step * 10**power for power in range(8) for step in (1, 2, 5)]
# How many products a sample of a long list is to have, and how many it looks at, whatever the filters leave.
WANTED = 10_000
MOST_LOOKED_AT = 50_000
# Fewer in a sample say too little: then the planner was wrong, and all are counted.
LEAST_SAMPLED = 500
COLUMNS = ("id", "vendor", "product_type", "tags", "options", "price", "rating_average", "in_stock")
# The row of the statement that says how many products there are.
ALL = "all"
FACETS = ("vendor", "product_type", "tags", "option", "category", "price", "rating", "in_stock")


@dataclass(frozen=True, slots=True)
class FacetValue:
    """One value, by the names that its facet gives it, and how many products have it."""

    value: dict[str, Any]
    products: int


@dataclass(frozen=True, slots=True)
class Facet:
    """The values that products of a list have, the commonest first; estimated from a sample unless `is_exact`."""

    values: Sequence[FacetValue]
    is_exact: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FacetsAsked:
    """
    What to count: some of FACETS; for `category` those right below `below` (the roots where it is None); for `option`
    those of these names (all where there is none), but not of those.
    """

    kinds: Collection[str]
    below: UUID | None = None
    only_options: Collection[str] = field(default_factory=tuple)
    but_options: Collection[str] = field(default_factory=tuple)


def count_facets(products: QuerySet[Product], asked: FacetsAsked) -> dict[str, Facet]:
    """
    Count the products of a list by the facets asked for, in two statements, four at the most.

    A list of up to MOST_COUNTED products is counted whole. Of a longer one a random part of the table's pages is read,
    so that the time grows neither with the list nor with the table.

    Args:
        products: any filtered query of products, such as list_products; its order is left aside.
    """
    try:
        expected = estimate_listed(products)
        if expected <= 2 * MOST_COUNTED:
            found = _count_some(products, asked)
            if found.is_whole:
                return found.facets(asked)
        sample = _count_sample(products, asked, max(expected, MOST_COUNTED + 1))
        if sample.size >= LEAST_SAMPLED:
            return sample.facets(asked)
        return _count_some(products, asked, expected).facets(asked)
    except EmptyResultSet:
        return {kind: Facet([], is_exact=True) for kind in asked.kinds}


@dataclass(frozen=True, slots=True)
class _Counted:
    """What was counted of `size` products: a list where it `is_whole`, else each of them stands for `worth`."""

    rows: Sequence[tuple[str, dict[str, Any], int]]
    size: int
    is_whole: bool
    worth: float = 1

    def facets(self, asked: FacetsAsked) -> dict[str, Facet]:
        values: dict[str, list[FacetValue]] = {kind: [] for kind in asked.kinds}
        for kind, value, products in self.rows:
            values[kind].append(FacetValue(value, round(products * self.worth)))
        return {kind: Facet(some, self.is_whole) for kind, some in values.items()}


def _count_some(products: QuerySet[Product], asked: FacetsAsked, expected: int = MOST_COUNTED) -> _Counted:
    """Count a list whole, or what comes first of one of more than MOST_COUNTED products."""
    rows, size = _count(_sql_of(products.order_by()[: MOST_COUNTED + 1]), asked)
    if size <= MOST_COUNTED:
        return _Counted(rows, size, is_whole=True)
    return _Counted(rows, size, is_whole=False, worth=max(expected / size, 1))


def _count_sample(products: QuerySet[Product], asked: FacetsAsked, expected: int) -> _Counted:
    """Count those of a list that stand in some pages of the table, the same ones each time."""
    everything = estimate_listed(Product.objects.using(DATABASE))
    part = min(WANTED / expected, MOST_LOOKED_AT / max(everything, MOST_LOOKED_AT))
    sample = f'FROM "products" TABLESAMPLE SYSTEM ({100 * part:.6f}) REPEATABLE (1)'
    rows, size = _count(_sql_of(products.order_by()).replace('FROM "products"', sample, 1), asked)
    return _Counted(rows, size, is_whole=False, worth=1 / part)


def _sql_of(products: QuerySet[Product]) -> str:
    sql, values = products.values(*COLUMNS).query.get_compiler(DATABASE).as_sql()
    # Of PostgreSQL alone, and so unknown to Django's types.
    return str(cast(Any, connections[DATABASE].ops).compose_sql(sql, values))


def _count(matched: str, asked: FacetsAsked) -> tuple[list[tuple[str, dict[str, Any], int]], int]:
    """Run the statement that counts, on the products that another gives; return its rows, and of how many products."""
    text = f"WITH matched AS MATERIALIZED ({matched.replace('%', '%%')}) {SQL['count_facets']}"
    values = {
        "kinds": list(asked.kinds),
        "below": asked.below,
        "only_options": list(asked.only_options),
        "but_options": list(asked.but_options),
        "prices": PRICES,
        "most": MOST_VALUES,
    }
    with connections[DATABASE].cursor() as cursor:
        cursor.execute(Statement(text, query_type="select", table="products"), values)
        rows = cursor.fetchall()
    size = sum(products for kind, _, products in rows if kind == ALL)
    return [(kind, json.loads(value), products) for kind, value, products in rows if kind != ALL], size
