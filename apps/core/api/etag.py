"""Answers that a client may keep: an ETag, and 304 without a body while nothing changed."""

from hashlib import blake2b
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, patch_cache_control, patch_vary_headers
from rest_framework.request import Request

from .json import dumps


def etag_of(body: bytes) -> str:
    """Return the strong entity tag of a body, quoted: the same bytes, the same tag, on every machine."""
    return f'"{blake2b(body, digest_size=16).hexdigest()}"'


def answer(
    request: HttpRequest | Request, body: Any, *, etag: str | None = None, cache_seconds: int | None = None
) -> HttpResponse:
    """
    Answer a GET with a body, or with 304 where `If-None-Match` already holds its tag.

    Args:
        body: finished JSON as bytes, or data still to be written.
        etag: the tag, where it is stored beside the bytes; computed otherwise.
        cache_seconds: how long any cache may keep the answer without asking; by default it asks every time
            (`no-cache`), and only the client's own cache keeps it (`private`).
    """
    content = body if isinstance(body, bytes) else dumps(body)
    response = HttpResponse(content, content_type="application/json", headers={"ETag": etag or etag_of(content)})
    if cache_seconds is None:
        patch_cache_control(response, private=True, no_cache=True)
    else:
        patch_cache_control(response, public=True, max_age=cache_seconds)
    patch_vary_headers(response, ["Accept"])
    plain: HttpRequest = getattr(request, "_request", request)
    conditional = get_conditional_response(plain, etag=response["ETag"], response=response)
    return conditional if isinstance(conditional, HttpResponse) else response
