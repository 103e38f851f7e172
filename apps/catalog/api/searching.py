"""The pages of a search: what was found is ranked already, so a page is a part of it."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Model, QuerySet
from rest_framework.request import Request

from apps.catalog import selectors
from apps.catalog.models import Product
from apps.core.api.cursors import Cursor
from apps.core.api.pagination import limit_of

from .filters import RELEVANCE
from .pages import SharedCursorPages, TotalledPages
from .shown import Shown

Page = dict[str, Any]


def is_search(request: Request) -> bool:
    """Tell whether a list is asked to be searched."""
    return bool(request.query_params.get("search", "").strip())


def is_ranked(request: Request) -> bool:
    """Tell whether a search is to be sorted by relevance."""
    return request.query_params.get("sort") in (None, "", RELEVANCE)


def narrowed(request: Request, products: QuerySet[Product]) -> QuerySet[Product]:
    """Return those of the products that a list shows: what is searched for, or all where nothing is."""
    if not is_search(request):
        return products
    found = selectors.search_products(products, text=request.query_params["search"])
    return products.filter(id__in=[match.id for match in found.matches] if is_ranked(request) else found.whole)


def search_page(
    request: Request,
    products: QuerySet[Product],
    shown: Shown,
    sorted_page: Callable[[Request, QuerySet[Product], Shown], Page],
) -> Page:
    """
    Return the page of a search among products: by relevance, or as `sorted_page` has it where a sort is asked for.

    Sorted otherwise it holds what has every word, since the order no longer keeps the rest at the end.
    """
    found = selectors.search_products(products, text=request.query_params["search"])
    if is_ranked(request):
        page = ranked_page(request, found.matches, shown)
    else:
        page = sorted_page(request, products.filter(id__in=found.whole), shown)
    return page | {"corrected": found.corrected}


def ranked_page(request: Request, matches: Sequence[selectors.Match], shown: Shown) -> Page:
    """Return a page of what was found, the best first; numbered where the request asks for that."""
    pages: TotalledPages | RankedPages
    if "page" in request.query_params:
        pages = TotalledPages(count=RankedRows.counted)
        rows = pages.paginate_queryset(RankedRows([m.id for m in matches], shown.columns), request)
    else:
        pages = RankedPages()
        rows = rows_of(pages.paginate_matches(matches, request), shown.columns)
    data: Page = pages.get_paginated_response(shown.objects_of(rows)).data
    return data


class Place(NamedTuple):
    """Where a product stands among those found: the best score first, then by id."""

    lost: float
    id: UUID


class RankedPages(SharedCursorPages):
    """Cursor pages of what a search found; a cursor is the score and the id of the product it lies behind."""

    ordering = ("lost", "id")

    def paginate_matches(self, matches: Sequence[selectors.Match], request: Request) -> list[UUID]:
        """Return the products of the page asked for. Raises InvalidInput."""
        self.request = request
        self.limit = limit_of(request.query_params)
        self.cursor = self.requested(Product)
        places = [Place(-match.score, match.id) for match in matches]
        start, end = self.bounds(places)
        self.has_previous, self.has_next = start > 0, end < len(places)
        self.rows = places[start:end]
        return [place.id for place in self.rows]

    def bounds(self, places: Sequence[Place]) -> tuple[int, int]:
        if self.cursor is None:
            return 0, min(self.limit, len(places))
        position = Place(*self.cursor.position)
        if self.cursor.backwards:
            end = bisect_left(places, position)
            return max(end - self.limit, 0), end
        start = bisect_right(places, position)
        return start, min(start + self.limit, len(places))

    def decoded(self, text: str, model: type[Model]) -> Cursor:
        return Cursor.read(text, [float, lambda value: UUID(str(value))])


class RankedRows:
    """The rows of what a search found, in its order, for pages that count and cut."""

    def __init__(self, ids: Sequence[UUID], columns: Sequence[str]) -> None:
        self.ids = ids
        self.columns = columns

    def counted(self) -> selectors.Counted:
        return selectors.Counted(len(self.ids), is_exact=True)

    def __getitem__(self, part: slice) -> list[dict[str, Any]]:
        return rows_of(self.ids[part], self.columns)


def rows_of(ids: Sequence[UUID], columns: Sequence[str]) -> list[dict[str, Any]]:
    """Return the rows of products in the order of their ids; one that went away meanwhile is left out."""
    chosen = selectors.list_products().filter(id__in=ids).values(*dict.fromkeys(("id", *columns)))
    rows = {row["id"]: row for row in chosen}
    return [rows[product] for product in ids if product in rows]
