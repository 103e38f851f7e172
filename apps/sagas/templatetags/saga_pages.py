"""What a saga's history keeps as JSON, told to people."""

import json
from typing import Any

from django import template

register = template.Library()


@register.filter
def facts(data: Any) -> list[tuple[str, str]]:
    """Return what a step's reply or an event says, as pairs of name and text; the name of the reply has no name."""
    reply = data.get("reply", data) if isinstance(data, dict) else data
    if isinstance(reply, dict) and set(reply) == {"type", "data"}:
        return [("", reply["type"]), *flat(reply["data"])]
    if isinstance(reply, dict) and {"definition", "data"} <= set(reply):
        # The first line holds the saga's data, which the page shows elsewhere.
        return flat({"definition": reply["definition"], "version": reply["version"]})
    return flat(reply)


def flat(value: Any, name: str = "") -> list[tuple[str, str]]:
    if isinstance(value, dict):
        return [fact for key, inner in value.items() for fact in flat(inner, f"{name}.{key}" if name else key)]
    if value in (None, "", []):
        return []
    return [(name, value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))]
