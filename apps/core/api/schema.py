"""What the OpenAPI document says of every operation alike: its errors, and the headers that any may use."""

import re
from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter

from .problems import CONTENT_TYPE

# For `@extend_schema(parameters=[IDEMPOTENCY_KEY])` of a view that uses `idempotency.once`.
IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    description="A fresh value, such as a UUID in quotes. Repeated within 24 hours it gets the first answer again, "
    "with `Idempotent-Replayed: true`.",
)

PROBLEM: dict[str, Any] = {
    "type": "object",
    "description": "A problem document, RFC 9457. Programs branch on `code`.",
    "required": ["type", "title", "status", "detail", "instance", "code"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference", "description": "Where the problem is explained."},
        "title": {"type": "string"},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "detail": {"type": "string"},
        "instance": {"type": "string", "format": "uri-reference"},
        "code": {"type": "string", "pattern": "^[a-z][a-z0-9_]*$"},
        "errors": {
            "type": "object",
            "description": "The sentences about each wrong field; a field inside another is named `lines.0.quantity`.",
            "additionalProperties": {"type": "array", "items": {"type": "string"}},
        },
    },
    "additionalProperties": True,
}
RESPONSES = {
    "400": ("MalformedRequest", "The request is not JSON, or not HTTP as it should be."),
    "401": ("NotAuthenticated", "No valid access token came with the request."),
    "403": ("PermissionDenied", "Whoever asks may not do this."),
    "404": ("NotFound", "Nothing has this address."),
    "409": ("Refused", "The state of things does not allow it; `code` says why."),
    "422": ("InvalidFields", "Some fields are wrong; `errors` names each."),
    "429": ("Throttled", "Too many requests; `Retry-After` says when to come back."),
    "default": ("Problem", "Any other error, such as 405, 406, 415, or 503 while a database cannot be reached."),
}
METHODS = frozenset(("get", "post", "put", "patch", "delete"))
UNSAFE = frozenset(("post", "put", "patch", "delete"))


def document_operations(result: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
    """Give every operation a summary, and the problems it can answer; what a view declares itself stays."""
    components = result.setdefault("components", {})
    components.setdefault("schemas", {})["ProblemDocument"] = PROBLEM
    components["responses"] = {name: problem_answer(text) for name, text in RESPONSES.values()}
    for path, operations in result["paths"].items():
        for method in METHODS & operations.keys():
            operation = operations[method]
            operation.setdefault("summary", first_sentence(operation.get("description", "")))
            for status in statuses_of(path, method, operation):
                reference = {"$ref": f"#/components/responses/{RESPONSES[status][0]}"}
                operation["responses"].setdefault(status, reference)
    return result


def first_sentence(description: str) -> str:
    """Return the beginning of a view's docstring, as a title has it: without its full stop."""
    return re.split(r"(?<=[a-z)`])\.(?:\s|$)", " ".join(description.split()), maxsplit=1)[0]


def problem_answer(description: str) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/ProblemDocument"}
    return {"description": description, "content": {CONTENT_TYPE: {"schema": schema}}}


def statuses_of(path: str, method: str, operation: dict[str, Any]) -> list[str]:
    """Return the error statuses an operation can answer, in order."""
    takes_query = any(parameter["in"] == "query" for parameter in operation.get("parameters", ()))
    possible = {
        "400": True,
        "401": any(operation.get("security", ())),
        "403": any(operation.get("security", ())),
        "404": "{" in path,
        "409": method in UNSAFE,
        "422": "requestBody" in operation or takes_query,
        "429": method in UNSAFE,
        "default": True,
    }
    return [status for status, applies in possible.items() if applies]
