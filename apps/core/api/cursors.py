"""
Where a page begins: the values of the row before it, in the order of the list.

A filter on those values uses the list's index, so page one thousand costs what page one does, and a row inserted
meanwhile neither repeats an item nor hides one.
"""

import base64
import binascii
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Self

import orjson
from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet

from apps.core.json import dumps


class InvalidCursor(ValueError):
    """A cursor was not made by this list."""


@dataclass(frozen=True)
class Cursor:
    """One value an ordering field, and the direction of reading."""

    position: tuple[Any, ...]
    backwards: bool = False

    def encoded(self) -> str:
        return base64.urlsafe_b64encode(dumps([self.backwards, *self.position])).decode().rstrip("=")

    @classmethod
    def decoded(cls, text: str, model: type[Model], ordering: Sequence[str]) -> Self:
        """Return the cursor a client sent back; raises InvalidCursor where it does not fit the list."""
        fields = {field.name: field for field in model._meta.fields}
        return cls.read(text, [fields[name.lstrip("-")].to_python for name in ordering])

    @classmethod
    def read(cls, text: str, readers: Sequence[Callable[[Any], Any]]) -> Self:
        """Return the cursor a client sent back, each value read by its reader; raises InvalidCursor."""
        try:
            backwards, *values = orjson.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
            position = tuple(reader(value) for reader, value in zip(readers, values, strict=True))
        except (binascii.Error, ValueError, TypeError, ValidationError) as error:
            raise InvalidCursor(text) from error
        if not isinstance(backwards, bool) or None in position or any("\0" in v for v in values if isinstance(v, str)):
            raise InvalidCursor(text)
        return cls(position, backwards)


def position_of(row: Any, ordering: Sequence[str]) -> tuple[Any, ...]:
    """Return a row's values of the ordering fields; a row is a model or a dict."""
    names = [name.lstrip("-") for name in ordering]
    return tuple(row[name] if isinstance(row, dict) else getattr(row, name) for name in names)


def beyond(queryset: QuerySet[Any], ordering: Sequence[str], cursor: Cursor | None) -> QuerySet[Any]:
    """Return the rows past the cursor, in order of reading: backwards ones come nearest first."""
    if cursor is None:
        return queryset.order_by(*ordering)
    order = [turned(name) for name in ordering] if cursor.backwards else list(ordering)
    return queryset.filter(later(order, cursor.position)).order_by(*order)


def turned(name: str) -> str:
    return name[1:] if name.startswith("-") else f"-{name}"


def later(order: Sequence[str], position: Sequence[Any]) -> Q:
    """
    Return the rows that sort after a position: a > x, or a = x and b > y, and so on.

    The leading `a >= x` says nothing new; it is what lets PostgreSQL start in the index instead of at its beginning.
    """
    name, value = order[0].lstrip("-"), position[0]
    past = Q(**{f"{name}__{'lt' if order[0].startswith('-') else 'gt'}": value})
    if len(order) == 1:
        return past
    reached = Q(**{f"{name}__{'lte' if order[0].startswith('-') else 'gte'}": value})
    return reached & (past | later(order[1:], position[1:]))
