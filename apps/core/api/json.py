"""JSON in and out of the API, strict about RFC 8259."""

from collections.abc import Mapping
from typing import Any

import orjson
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer

from apps.core.json import dumps


class JSONRenderer(BaseRenderer):
    """The only renderer: no browsable pages, the documentation is at /api/docs/."""

    media_type = "application/json"
    format = "json"
    charset = None
    render_style = "binary"

    def render(
        self, data: Any, accepted_media_type: str | None = None, renderer_context: Mapping[str, Any] | None = None
    ) -> bytes:
        return b"" if data is None else dumps(data)


class JSONParser(BaseParser):
    """
    Read one JSON document in UTF-8, or refuse it with the place of the mistake.

    Not JSON, and therefore refused: NaN, infinities and numbers that overflow, half of a surrogate pair, a byte order
    mark, more than 1,024 levels. U+0000 is JSON, but PostgreSQL stores no such text, so it is refused here too.
    """

    media_type = "application/json"
    renderer_class = JSONRenderer

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Mapping[str, Any] | None = None) -> Any:
        # `body` stays readable afterwards, a stream does not.
        content: bytes = stream.body if hasattr(stream, "body") else stream.read()
        try:
            data = orjson.loads(content)
        except orjson.JSONDecodeError as error:
            raise ParseError(f"The body is not JSON: {error}.") from error
        if b"\\u0000" in content and has_nul(data):
            raise ParseError("The body is not acceptable: a text contains the character U+0000.")
        return data


def has_nul(data: Any) -> bool:
    """Tell whether any text or key holds U+0000; walks without recursion, whatever the depth."""
    left = [data]
    while left:
        value = left.pop()
        if isinstance(value, str):
            if "\0" in value:
                return True
        elif isinstance(value, dict):
            left.extend(value.keys())
            left.extend(value.values())
        elif isinstance(value, list):
            left.extend(value)
    return False
