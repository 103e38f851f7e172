"""Pages whose address changed."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Protocol

from django.http import HttpResponse, HttpResponsePermanentRedirect
from django.urls import reverse
from django.utils.cache import patch_cache_control
from rest_framework.request import Request

from apps.core.exceptions import NotFound

View = Callable[..., HttpResponse]


class FindsRenamed(Protocol):
    """Tells the slug of today for one of before."""

    def __call__(self, *, slug: str) -> str | None: ...


def follows_renames(find: FindsRenamed) -> Callable[[View], View]:
    """Let a view by slug answer a former slug with 301, the address of today and the query."""

    def following(view: View) -> View:
        @wraps(view)
        def get(self: Any, request: Request, slug: str) -> HttpResponse:
            try:
                return view(self, request, slug)
            except NotFound:
                renamed = find(slug=slug)
                if renamed is None:
                    raise
            return moved(request, renamed)

        return get

    return following


def moved(request: Request, slug: str) -> HttpResponse:
    match: Any = request.resolver_match
    address = reverse(match.view_name, kwargs={"slug": slug})
    query = request.META.get("QUERY_STRING")
    response = HttpResponsePermanentRedirect(f"{address}?{query}" if query else address)
    # A browser keeps a 301 for good, unless told: the product may get its former name back.
    patch_cache_control(response, private=True, no_cache=True)
    return response
