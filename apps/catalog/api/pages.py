"""The pages of a list whose body many clients share."""

from collections.abc import Collection
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from rest_framework.request import Request

from apps.core.api.pagination import CursorPages

from .filters import ProductFilter

PAGING = ("cursor", "page", "limit")
KNOWN = frozenset((*ProductFilter.base_filters, *PAGING))


def canonical_address(request: HttpRequest | Request, *, known: Collection[str] = KNOWN) -> str:
    """
    Return the address of a list with the parameters that decide what it holds, in order.

    Two spellings of one question share their answer, and nobody's own parameters end up in the links of others.
    """
    given = request.GET.dict() | {"search": " ".join(request.GET.get("search", "").lower().split())}
    telling = sorted((name, value) for name, value in given.items() if name in known and value)
    path = request.build_absolute_uri(request.path)
    return f"{path}?{urlencode(telling)}" if telling else path


class SharedCursorPages(CursorPages):
    """Pages whose links bear nothing but what decides the list."""

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        page = super().get_paginated_response_schema(schema)
        said = "Of a search: what was looked for, where words were misspelt."
        page["properties"]["corrected"] = {"type": ["string", "null"], "description": said}
        return page

    @property
    def address(self) -> str:
        return canonical_address(self.request)
