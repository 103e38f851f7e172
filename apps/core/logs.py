"""What happens to each log event before it is written: secrets out, the request's id on the answer."""

import re
from collections.abc import MutableMapping
from typing import Any
from urllib.parse import parse_qsl, urlencode

import orjson
import structlog
from django.http import HttpRequest, HttpResponse

HIDDEN = "[hidden]"
SECRET = re.compile(
    r"(?:^|[_-])(?:password\d?|passphrase|secret|token|authorization|cookie|session|otp|cvc|card(?:_?number)?|signature|"
    r"api_?key|access|refresh|code)s?$",
    re.IGNORECASE,
)
# Names that look like secrets in events of ours and are none: an HTTP status.
HARMLESS = frozenset(("code",))


def hide_secrets(logger: Any, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Blank values whose names say that they are secrets, also in the query string of a request's address."""
    for name in event:
        if name not in HARMLESS and SECRET.search(name):
            event[name] = HIDDEN
    if isinstance(request := event.get("request"), str):
        event["request"] = without_secrets(request)
    return event


def drop_task_context(logger: Any, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Drop what Celery adds to the failure of a task: its arguments, and the traceback a second time."""
    if str(event.get("logger")).startswith("celery."):
        event.pop("data", None)
    return event


def without_secrets(request: str) -> str:
    """Return "GET /path?query" with its secret values blanked."""
    address, mark, query = request.partition("?")
    pairs = parse_qsl(query, keep_blank_values=True)
    if not any(SECRET.search(name) for name, _ in pairs):
        return request
    shown = [(name, HIDDEN if SECRET.search(name) else value) for name, value in pairs]
    return f"{address}{mark}{urlencode(shown, safe='[]')}"


def tell_request_id(request: HttpRequest, response: HttpResponse, **_: Any) -> None:
    """Send the id under which the logs speak of a request back with its answer."""
    if request_id := current_request_id():
        response["X-Request-ID"] = request_id


def current_request_id() -> str | None:
    """Return the id of the request under way, None outside one."""
    request_id: str | None = structlog.contextvars.get_contextvars().get("request_id")
    return request_id


def drop_probes(logger: Any, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Drop the successful requests of those who look every few seconds: health checks and Prometheus."""
    if event.get("event") == "request_finished" and event.get("code") == 200 and PROBE.match(str(event.get("request"))):
        raise structlog.DropEvent
    return event


PROBE = re.compile(r"GET (?:/health/|/metrics(?:\?|$))")


def as_line(event: Any, **_: Any) -> str:
    """Return an event as one line of JSON; what has no JSON form as its text."""
    return orjson.dumps(event, default=str, option=orjson.OPT_NON_STR_KEYS).decode()
