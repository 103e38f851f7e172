"""The pages of a list whose body many clients share."""

from urllib.parse import urlencode

from django.http import HttpRequest
from rest_framework.request import Request

from apps.core.api.pagination import CursorPages

from .filters import ProductFilter

PAGING = ("cursor", "page", "limit")
KNOWN = frozenset((*ProductFilter.base_filters, *PAGING))


def canonical_address(request: HttpRequest | Request) -> str:
    """
    Return the address of a list with the parameters that decide what it holds, in order.

    Two spellings of one question share their answer, and nobody's own parameters end up in the links of others.
    """
    known = sorted((name, value) for name, value in request.GET.items() if name in KNOWN and value)
    path = request.build_absolute_uri(request.path)
    return f"{path}?{urlencode(known)}" if known else path


class SharedCursorPages(CursorPages):
    """Pages whose links bear nothing but what decides the list."""

    @property
    def address(self) -> str:
        return canonical_address(self.request)
