"""
The shape of a hot answer, described once: which columns to read, what to write, and what the OpenAPI document says.

Rows come from `queryset.values(*shape.columns)`, so no model and no serializer stands between the database and orjson.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from rest_framework import serializers


def as_is(value: Any) -> Any:
    return value


@dataclass(frozen=True)
class Field:
    """
    One member of an answer.

    `kind` is what the document says of it; its `help_text` explains it. `column` is the name in the row, the member's
    own when left out. `write` turns the value into JSON. A `computed` member has no column: the view gives it.
    """

    name: str
    kind: serializers.Field[Any, Any, Any, Any]
    column: str = ""
    write: Callable[[Any], Any] = as_is
    computed: bool = False

    @property
    def source(self) -> str:
        return self.column or self.name


class Shape:
    """A named object of an answer; `name` is its component in the OpenAPI document."""

    def __init__(self, name: str, *fields: Field) -> None:
        self.name = name
        self.fields = fields
        self._read = [(field.name, field.source, field.write) for field in fields if not field.computed]

    @property
    def names(self) -> list[str]:
        """The members, in order."""
        return [field.name for field in self.fields]

    def only(self, names: Collection[str]) -> "Shape":
        """Return the shape of some of its members, in its own order."""
        return Shape(self.name, *(field for field in self.fields if field.name in names))

    @property
    def columns(self) -> list[str]:
        """The columns to read, each once."""
        return list(dict.fromkeys(source for _, source, _ in self._read))

    def object_of(self, row: Mapping[str, Any], **computed: Any) -> dict[str, Any]:
        """Return the JSON object of a row; `computed` gives the members that have no column."""
        return {name: write(row[source]) for name, source, write in self._read} | computed

    def objects_of(self, rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """Return the JSON objects of rows, in their order."""
        return [self.object_of(row) for row in rows]

    @cached_property
    def serializer(self) -> type[serializers.Serializer[Any]]:
        """The same description as a serializer class, for the OpenAPI document only."""
        members = {field.name: field.kind for field in self.fields}
        return type(f"{self.name}Serializer", (serializers.Serializer,), members)
