"""Answers that a client may keep: an ETag, and 304 without a body while nothing changed."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, patch_cache_control, patch_vary_headers
from rest_framework.request import Request

from apps.core.etag import etag_of
from apps.core.json import dumps


def answer(request: HttpRequest | Request, body: Any, *, etag: str | None = None) -> HttpResponse:
    """
    Answer a GET with a body, or with 304 where `If-None-Match` already holds its tag.

    Only the client's own cache keeps the answer (`private`), and asks every time whether it is the newest (`no-cache`).

    Args:
        body: finished JSON as bytes, or data still to be written.
        etag: the tag, where it is stored beside the bytes; computed otherwise.
    """
    content = body if isinstance(body, bytes) else dumps(body)
    response = HttpResponse(content, content_type="application/json", headers={"ETag": etag or etag_of(content)})
    patch_cache_control(response, private=True, no_cache=True)
    patch_vary_headers(response, ["Accept"])
    plain: HttpRequest = getattr(request, "_request", request)
    conditional = get_conditional_response(plain, etag=response["ETag"], response=response)
    return conditional if isinstance(conditional, HttpResponse) else response
