"""Pages of a list: by cursor, which no insertion shifts, or by number, where a client wants to know the total."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Model
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import remove_query_param, replace_query_param
from rest_framework.views import APIView

from apps.core.exceptions import InvalidInput

from .cursors import Cursor, InvalidCursor, beyond, position_of

DEFAULT_LIMIT = 20
MAX_LIMIT = 100


def whole_number(query: Mapping[str, str], name: str, *, default: int, most: int) -> int:
    """
    Return a parameter of the query string, a whole number from 1 to `most`.

    Raises:
        InvalidInput: the parameter is there and is no such number.
    """
    text = query.get(name, str(default))
    if not (text.isascii() and text.isdigit() and len(text) <= 10 and 1 <= int(text) <= most):
        raise InvalidInput("The page asked for does not exist.", errors={name: [f"Give a number from 1 to {most}."]})
    return int(text)


def limit_of(query: Mapping[str, str]) -> int:
    """Return how many items a page holds: `limit`, 1 to 100, 20 when not given. Raises InvalidInput."""
    return whole_number(query, "limit", default=DEFAULT_LIMIT, most=MAX_LIMIT)


def page_of(query: Mapping[str, str]) -> int:
    """Return the number of the page asked for: `page`, from 1. Raises InvalidInput."""
    return whole_number(query, "page", default=1, most=1_000_000)


class CursorPages(BasePagination):
    """
    The default: `results` between two opaque addresses, `next` and `previous`, null at the ends.

    A view sets `cursor_ordering` to fields of the model, none of them null, of which the last is unique.
    """

    ordering: Sequence[str] = ("-created_at", "-id")

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        self.request = request
        self.ordering = getattr(view, "cursor_ordering", self.ordering)
        self.limit = limit_of(request.query_params)
        self.cursor = self.requested(queryset.model)
        rows = list(beyond(queryset, self.ordering, self.cursor)[: self.limit + 1])
        more, rows = len(rows) > self.limit, rows[: self.limit]
        backwards = self.cursor is not None and self.cursor.backwards
        self.has_next, self.has_previous = (True, more) if backwards else (more, self.cursor is not None)
        self.rows = rows[::-1] if backwards else rows
        return self.rows

    def requested(self, model: type[Model]) -> Cursor | None:
        text = self.request.query_params.get("cursor")
        if not text:
            return None
        try:
            return self.decoded(text, model)
        except InvalidCursor as error:
            wrong = {"cursor": ["Follow `next` or `previous` of a page of this list."]}
            raise InvalidInput("The page asked for does not exist.", errors=wrong) from error

    def decoded(self, text: str, model: type[Model]) -> Cursor:
        """Return the cursor a client sent back; raises InvalidCursor."""
        return Cursor.decoded(text, model, self.ordering)

    @property
    def address(self) -> str:
        """The address of this page, from which those of its neighbours are made."""
        return self.request.build_absolute_uri()

    def link(self, *, row: Any, backwards: bool) -> str:
        cursor = Cursor(position_of(row, self.ordering), backwards)
        return replace_query_param(self.address, "cursor", cursor.encoded())

    def get_paginated_response(self, data: Any) -> Response:
        before = self.rows and self.has_previous
        after = self.rows and self.has_next
        return Response(
            {
                "results": data,
                "next": self.link(row=self.rows[-1], backwards=False) if after else None,
                "previous": self.link(row=self.rows[0], backwards=True) if before else self.start_if_past_the_end(),
            }
        )

    def start_if_past_the_end(self) -> str | None:
        """An empty page behind a cursor (its rows are gone by now) leads back to the first page."""
        if self.rows or self.cursor is None:
            return None
        return remove_query_param(self.address, "cursor")

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        address = {"type": ["string", "null"], "format": "uri"}
        return page_schema(schema, {"next": address, "previous": address})

    def get_schema_operation_parameters(self, view: APIView) -> list[dict[str, Any]]:
        cursor = {"type": "string", "description": "Taken from `next` or `previous`."}
        return [parameter("cursor", cursor), parameter("limit", LIMIT_SCHEMA)]


class NumberedPages(BasePagination):
    """`page` and `limit`; the answer holds `total` and `has_next_page`."""

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        self.page, self.limit = page_of(request.query_params), limit_of(request.query_params)
        self.total = queryset.count()
        start = (self.page - 1) * self.limit
        return list(queryset[start : start + self.limit]) if start < self.total else []

    def get_paginated_response(self, data: Any) -> Response:
        return Response(numbered_page(data, total=self.total, page=self.page, limit=self.limit))

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        number = {"type": "integer"}
        return page_schema(
            schema, {"total": number, "page": number, "limit": number, "has_next_page": {"type": "boolean"}}
        )

    def get_schema_operation_parameters(self, view: APIView) -> list[dict[str, Any]]:
        page = {"type": "integer", "minimum": 1, "maximum": 1_000_000, "default": 1}
        return [parameter("page", page), parameter("limit", LIMIT_SCHEMA)]


LIMIT_SCHEMA = {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": DEFAULT_LIMIT}


def numbered_page(results: Any, *, total: int, page: int, limit: int) -> dict[str, Any]:
    """Return the body of a numbered page, for views that render without serializers too."""
    has_next_page = page * limit < total
    return {"results": results, "total": total, "page": page, "limit": limit, "has_next_page": has_next_page}


def page_schema(results: dict[str, Any], others: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "required": ["results", *others], "properties": {"results": results} | others}


def parameter(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "schema": schema}
