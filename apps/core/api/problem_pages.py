"""The pages that a problem's `type` leads to: what each code means, taken from the error classes themselves."""

import inspect
from collections.abc import Iterator
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from apps.core.exceptions import DomainError

from .problems import title_of


@dataclass(frozen=True, order=True)
class Explained:
    """One code, and what it means wherever it is answered."""

    code: str
    status: int
    meaning: str

    @property
    def title(self) -> str:
        return title_of(self.code)

    @property
    def as_html(self) -> SafeString:
        """The meaning; what stands in backticks is code."""
        parts = [("code" if place % 2 else "span", part) for place, part in enumerate(self.meaning.split("`"))]
        return format_html_join("", "<{0}>{1}</{0}>", parts)


# What HTTP itself and this server say; the domain's own errors explain themselves.
OF_THE_PROTOCOL = (
    Explained("authentication_failed", 401, "The token sent along is not valid, or not any more: sign in again."),
    Explained("bad_request", 400, "The request is not HTTP as it should be."),
    Explained("content_too_large", 413, "The body is larger than this address takes; send it in parts."),
    Explained("database_busy", 503, "A lock or a statement took too long; repeat the request after `Retry-After`."),
    Explained("database_unavailable", 503, "A database cannot be reached; repeat the request after `Retry-After`."),
    Explained("internal_error", 500, "Something failed that nobody foresaw; `request_id` finds it in the logs."),
    Explained("invalid", 422, "Some fields are wrong; `errors` names each with its sentences."),
    Explained("method_not_allowed", 405, "The address knows other methods; `Allow` lists them."),
    Explained("not_acceptable", 406, "The API speaks JSON; `Accept` asks for something else."),
    Explained("not_authenticated", 401, "Sign in first, and send the access token as `Authorization: Bearer ...`."),
    Explained("not_found", 404, "Nothing has this address, or nothing that you may see."),
    Explained("parse_error", 400, "The body is not JSON; `detail` says where."),
    Explained("permission_denied", 403, "Whoever asks may not do this."),
    Explained("throttled", 429, "Too many requests; `Retry-After` says when to come back."),
    Explained("unsupported_media_type", 415, "The API takes JSON: send `Content-Type: application/json`."),
)


# Errors of whoever runs the shop; no request meets them.
OF_THE_COMMANDS = ("apps.core.services", "apps.core.running", "apps.core.schema")


def explained() -> dict[str, Explained]:
    """Return every problem the API can answer, by its code, in alphabetical order."""
    known = {one.code: one for one in OF_THE_PROTOCOL}
    for error in descendants(DomainError):
        code = getattr(error, "code", None)
        if code is not None and code not in known and not error.__module__.startswith(OF_THE_COMMANDS):
            known[code] = Explained(code, error.status, " ".join((inspect.getdoc(error) or "").split()))
    return dict(sorted(known.items()))


def descendants(error: type[DomainError]) -> Iterator[type[DomainError]]:
    for child in error.__subclasses__():
        yield child
        yield from descendants(child)


def problems(request: HttpRequest, code: str | None = None) -> HttpResponse:
    """Show every problem, or the one with a code."""
    known = explained()
    if code is None:
        return render(request, "core/problems.html", {"problems": known.values()})
    if code not in known:
        raise Http404
    return render(request, "core/problems.html", {"one": known[code]})
