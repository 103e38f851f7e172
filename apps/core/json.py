"""Data written as JSON by orjson: quick enough to render every list, with one spelling of every type."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import orjson
from django.utils.functional import Promise

OPTIONS = orjson.OPT_NON_STR_KEYS | orjson.OPT_UTC_Z
# Two spellings of one request give the same bytes.
CANONICAL = OPTIONS | orjson.OPT_SORT_KEYS


def dumps(data: Any, *, options: int = OPTIONS) -> bytes:
    """Return data as UTF-8 JSON: decimals and lazy texts as strings, times in UTC with a Z."""
    return orjson.dumps(data, default=as_json, option=options)


def as_json(value: Any) -> Any:
    """Return what orjson can write for the types it does not know."""
    if isinstance(value, Decimal | Promise):
        return str(value)
    if isinstance(value, bytes):
        return value.decode("ascii")
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, set | frozenset):
        return sorted(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")
