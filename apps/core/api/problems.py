"""
Every error of the API in one shape: a problem document.

`code` is stable and what programs branch on; `type` is the address of the page that explains it; `errors` names each
field that is wrong; whatever else the error knows (`details`) stands beside them.

Source: RFC 9457, Problem Details for HTTP APIs.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import singledispatch
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.core.exceptions import ValidationError as ModelValidationError
from django.db import InterfaceError, InternalError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.request import UnreadablePostError
from django.utils.encoding import escape_uri_path
from rest_framework import exceptions as drf
from rest_framework.response import Response

from apps.core.exceptions import DomainError, InvalidInput
from apps.core.json import dumps

CONTENT_TYPE = "application/problem+json"
INVALID = "Some fields are wrong; `errors` names each of them."


@dataclass(frozen=True)
class Problem:
    """What went wrong, before it is written down."""

    code: str
    status: int
    detail: str
    errors: Mapping[str, list[str]] = field(default_factory=dict)
    extensions: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)

    def document(self, instance: str) -> dict[str, Any]:
        """Return the members in the order of the RFC; an extension never hides one of them."""
        return {
            "type": f"/api/problems/{self.code}/",
            "title": title_of(self.code),
            "status": self.status,
            "detail": self.detail,
            "instance": escape_uri_path(instance),
            "code": self.code,
            **({"errors": self.errors} if self.errors else {}),
        } | {name: value for name, value in self.extensions.items() if name not in RESERVED}


RESERVED = frozenset(("type", "title", "status", "detail", "instance", "code", "errors"))


def title_of(code: str) -> str:
    """Return the code as words: "Insufficient stock". A title never varies between occurrences."""
    return code.replace("_", " ").capitalize()


def problem_response(error: Exception, context: Mapping[str, Any]) -> Response | None:
    """Answer an exception of an API view; `None`, for what nobody foresaw, makes Django log it and answer 500."""
    problem = problem_of(error)
    if problem is None:
        return None
    return Response(
        problem.document(context["request"].path),
        status=problem.status,
        headers=dict(problem.headers),
        content_type=CONTENT_TYPE,
    )


def problem_page(problem: Problem, request: HttpRequest) -> HttpResponse:
    """Answer outside the API's views: an address nobody serves, an error in a middleware."""
    return HttpResponse(
        dumps(problem.document(request.path)),
        status=problem.status,
        headers=dict(problem.headers),
        content_type=CONTENT_TYPE,
    )


@singledispatch
def problem_of(error: Exception) -> Problem | None:
    """Return the problem an exception stands for, or None for one that nobody foresaw."""
    return None


@problem_of.register
def _(error: DomainError) -> Problem:
    return Problem(error.code, error.status, error.message, extensions=error.details)


@problem_of.register
def _(error: InvalidInput) -> Problem:
    return Problem(error.code, error.status, error.message, errors=error.errors, extensions=error.details)


@problem_of.register
def _(error: drf.APIException) -> Problem:
    headers = {}
    if challenge := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = challenge
    if wait := getattr(error, "wait", None):
        headers["Retry-After"] = str(int(wait))
    codes = error.get_codes()
    code = codes if isinstance(codes, str) else error.default_code
    return Problem(code, error.status_code, sentence(error.detail), headers=headers)


@problem_of.register
def _(error: drf.ValidationError) -> Problem:
    # 400 is for what is not JSON; JSON that says something wrong is 422, whoever finds it.
    return Problem("invalid", 422, INVALID, errors=flattened(error.detail))


@problem_of.register
def _(error: ModelValidationError) -> Problem:
    fields = error.message_dict if hasattr(error, "error_dict") else {"non_field_errors": error.messages}
    return Problem("invalid", 422, INVALID, errors=fields)


@problem_of.register
def _(error: Http404) -> Problem:
    return Problem("not_found", 404, "Nothing has this address.")


@problem_of.register
def _(error: PermissionDenied) -> Problem:
    return Problem("permission_denied", 403, str(error) or "You do not have permission to perform this action.")


@problem_of.register
def _(error: SuspiciousOperation) -> Problem:
    return Problem("bad_request", 400, "The request is malformed.")


@problem_of.register
def _(error: RequestDataTooBig) -> Problem:
    return Problem("content_too_large", 413, "The body is larger than this address takes; send it in parts.")


@problem_of.register
def _(error: UnreadablePostError) -> Problem:
    return Problem("bad_request", 400, "The connection ended before the whole body arrived.")


@problem_of.register(OperationalError)
@problem_of.register(InterfaceError)
def _(error: OperationalError | InterfaceError) -> Problem:
    state: str | None = getattr(error.__cause__, "sqlstate", None)
    if state in BUSY:
        return Problem("database_busy", 503, "The database is busy; try again.", headers={"Retry-After": "1"})
    sentence = "A database cannot be reached; nothing was changed by this request unless a retry says so."
    return Problem("database_unavailable", 503, sentence, headers={"Retry-After": "5"})


@problem_of.register
def _(error: InternalError) -> Problem | None:
    # A session that was silent in a transaction for too long was ended by the server, and its transaction undone.
    ended = getattr(error.__cause__, "sqlstate", None) == "25P03"
    return problem_of(OperationalError(*error.args)) if ended else None


# Deadlock, serialization failure, lock timeout, statement timeout: the server answers, and a retry may go through.
BUSY = frozenset(("40001", "40P01", "55P03", "57014"))


def sentence(detail: Any) -> str:
    """Return the first text in what DRF calls a detail: a text, a list of them or a dict of lists."""
    while not isinstance(detail, str):
        detail = next(iter(detail.values() if isinstance(detail, dict) else detail), "")
    return str(detail)


def flattened(detail: Any, path: str = "") -> dict[str, list[str]]:
    """Return nested errors of a serializer by dotted path: `{"lines.0.quantity": ["..."]}`."""
    if isinstance(detail, str):
        return {path or "non_field_errors": [str(detail)]}
    if isinstance(detail, list) and all(isinstance(item, str) for item in detail):
        return {path or "non_field_errors": [str(item) for item in detail]}
    parts = detail.items() if isinstance(detail, dict) else enumerate(detail)
    errors: dict[str, list[str]] = {}
    for name, inner in parts:
        errors |= flattened(inner, f"{path}.{name}" if path else str(name))
    return errors
