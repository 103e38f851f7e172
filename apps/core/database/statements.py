"""
What a statement is about, known from whoever wrote it and never guessed from its text.

The ORM's compilers know their model; a statement written by hand says so itself, as `Statement`.
"""

from typing import NamedTuple, Self

QUERY_TYPES = ("select", "insert", "update", "delete", "other")


class About(NamedTuple):
    """The labels of a statement's metrics."""

    query_type: str
    table: str


NOTHING_SAID = About("other", "other")


class Statement(str):
    """
    SQL that names its table: `Statement("UPDATE ...", query_type="update", table="saga_transactions")`.

    A plain string runs as well, and is counted as "other". What is made from a statement (by `format`, say) is a
    plain string again: name the table last.
    """

    about: About
    __slots__ = ("about",)

    def __new__(cls, sql: str, *, query_type: str, table: str) -> Self:
        if query_type not in QUERY_TYPES:
            raise ValueError(f"{query_type!r} is none of {', '.join(QUERY_TYPES)}")
        statement = super().__new__(cls, sql)
        statement.about = About(query_type, table)
        return statement
