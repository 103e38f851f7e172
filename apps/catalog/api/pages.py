"""The pages of a list whose body many clients share."""

from collections.abc import Callable, Collection
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from rest_framework.request import Request
from rest_framework.response import Response

from apps.catalog.selectors import Counted
from apps.core.api.pagination import CursorPages, NumberedPages, limit_of, page_of

from .filters import ProductFilter, RepeatedFilter

PAGING = ("cursor", "page", "limit")
# Names with commas between, in any order.
NAMED = ("expand", "facets", "fields")
REPEATED = frozenset(name for name, kind in ProductFilter.base_filters.items() if isinstance(kind, RepeatedFilter))
KNOWN = frozenset((*ProductFilter.base_filters, *PAGING, *NAMED))


def canonical_address(request: HttpRequest | Request, *, known: Collection[str] = KNOWN) -> str:
    """
    Return the address of a list with the parameters that decide what it holds, in order.

    Two spellings of one question share their answer, and nobody's own parameters end up in the links of others.
    """
    telling = sorted(
        (name, value)
        for name in request.GET
        if name in known
        for value in spelt(name, request.GET.getlist(name))
        if value
    )
    path = request.build_absolute_uri(request.path)
    return f"{path}?{urlencode(telling)}" if telling else path


def spelt(name: str, given: list[str]) -> Collection[str]:
    """Return the values of a parameter that count, as they are always spelt; of most that is the last."""
    if name in REPEATED:
        return {value.strip() for value in given}
    if name in NAMED:
        return [",".join(names_in(given[-1]))]
    if name == "search":
        return [" ".join(given[-1].lower().split())]
    return given[-1:]


def names_in(text: str) -> list[str]:
    """Return the names between the commas, each once, in order."""
    return sorted({name.strip() for name in text.split(",") if name.strip()})


class SharedCursorPages(CursorPages):
    """Pages whose links bear nothing but what decides the list; facets, the same on each page, are on the first."""

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        page = super().get_paginated_response_schema(schema)
        said = "Of a search: what was looked for, where words were misspelt."
        page["properties"]["corrected"] = {"type": ["string", "null"], "description": said}
        page["properties"]["facets"] = {"type": "object", "additionalProperties": FACET, "description": "If asked for."}
        return page

    @property
    def address(self) -> str:
        return canonical_address(self.request, known=KNOWN - {"facets"})


FACET = {
    "type": "object",
    "required": ["is_exact", "values"],
    "properties": {
        "is_exact": {"type": "boolean", "description": "False where the counts are estimated from a sample."},
        "values": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["count"],
                "properties": {"count": {"type": "integer"}},
                "additionalProperties": True,
                "description": "What a filter takes, and how many products have it.",
            },
        },
    },
}


class TotalledPages(NumberedPages):
    """Numbered pages that count as far as that is quick, and say where they estimate; `count` does it."""

    def __init__(self, count: Callable[[Any], Counted]) -> None:
        self.count = count

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        self.page, self.limit = page_of(request.query_params), limit_of(request.query_params)
        start = (self.page - 1) * self.limit
        rows = list(queryset[start : start + self.limit + 1])
        self.has_next_page = len(rows) > self.limit
        # The last page tells by itself how many there are.
        is_last = not self.has_next_page and (rows or not start)
        self.counted = Counted(start + len(rows), is_exact=True) if is_last else self.count(queryset)
        return rows[: self.limit]

    def get_paginated_response(self, data: Any) -> Response:
        return Response(
            {
                "results": data,
                "total": self.counted.products,
                "total_is_exact": self.counted.is_exact,
                "page": self.page,
                "limit": self.limit,
                "has_next_page": self.has_next_page,
            }
        )
