"""What answers where no view of the API does: unknown addresses and errors outside the views, as problems too."""

import sys
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import Resolver404, resolve
from django.views import defaults

from apps.core.logs import current_request_id

from .problems import Problem, problem_of, problem_page

PREFIX = "/api/"
UNKNOWN_ADDRESS = Problem("not_found", 404, "Nothing has this address. /api/docs/ lists every address there is.")


class PermanentRedirect(HttpResponsePermanentRedirect):
    """308: unlike 301, it keeps the method and the body."""

    status_code = 308


def unknown_address(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    """Send a path without its last slash to the one with it; say of any other that nothing is there."""
    path = f"{request.path_info}/"
    try:
        known = not request.path_info.endswith("/") and resolve(path).func is not unknown_address
    except Resolver404:
        known = False
    if known:
        query = request.META.get("QUERY_STRING", "")
        return PermanentRedirect(f"{request.path}/{'?' if query else ''}{query}")
    return problem_page(UNKNOWN_ADDRESS, request)


# The API is for programs, so it needs no token against forged forms.
unknown_address.csrf_exempt = True  # type: ignore[attr-defined]


def server_error(request: HttpRequest) -> HttpResponse:
    if not request.path.startswith(PREFIX):
        return defaults.server_error(request)
    error = sys.exc_info()[1]
    problem = problem_of(error) if isinstance(error, Exception) else None
    return problem_page(problem or unforeseen(), request)


def unforeseen() -> Problem:
    """Return what is said of an error that nobody foresaw: how to find it in the logs, and nothing of what it was."""
    detail = "Something failed here, not in your request. It has been recorded under `request_id`."
    return Problem("internal_error", 500, detail, extensions={"request_id": current_request_id()})


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    if not request.path.startswith(PREFIX):
        return defaults.page_not_found(request, exception)
    return problem_page(UNKNOWN_ADDRESS, request)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    if not request.path.startswith(PREFIX):
        return defaults.permission_denied(request, exception)
    return problem_page(Problem("permission_denied", 403, str(exception) or "This is not allowed."), request)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if not request.path.startswith(PREFIX):
        return defaults.bad_request(request, exception)
    return problem_page(problem_of(exception) or Problem("bad_request", 400, "The request is malformed."), request)


class RefuseNul:
    """
    Refuse U+0000 in an address before any view sees it.

    PostgreSQL stores no such text: the character would end as an error of the driver, and so as a 500.
    """

    def __init__(self, get_response: Any) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\0" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            return problem_page(Problem("bad_request", 400, "The address contains the character U+0000."), request)
        response: HttpResponse = self.get_response(request)
        return response
