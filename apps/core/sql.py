"""SQL that lives in files: migrations of rules that only SQL can say, and the set-based statements of hot paths."""

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, overload

from django.db import connections, migrations

from .database.statements import NOTHING_SAID, Statement

R = TypeVar("R")
Row = dict[str, Any]
ABOUT = re.compile(r"-- about: (?P<query_type>select|insert|update|delete|other) (?P<table>\w+)$", re.MULTILINE)


class RunSQLFile(migrations.RunSQL):
    """
    Run `<folder>/<name>.sql` forwards and `<folder>/<name>.down.sql` backwards.

    A file is named after its one rule, with the migration's number, and is never edited once applied.
    """

    def __init__(self, folder: Path, name: str) -> None:
        self.name = name
        super().__init__(
            sql=(folder / f"{name}.sql").read_text(encoding="utf-8"),
            reverse_sql=(folder / f"{name}.down.sql").read_text(encoding="utf-8"),
        )

    def deconstruct(self) -> tuple[str, list[str], dict[str, str]]:
        return (self.__class__.__name__, [], {"name": self.name})

    def describe(self) -> str:
        return f"Run {self.name}.sql"


@cache
def query(folder: Path, name: str) -> Statement:
    """
    Return the statement in `<folder>/<name>.sql`, read once.

    The file says what its metrics are counted under, in a line `-- about: update saga_transactions`: what it mainly
    does, and to which table. It is never guessed from the SQL; a file that says nothing counts as "other".
    """
    text = (folder / f"{name}.sql").read_text(encoding="utf-8")
    said = ABOUT.search(text)
    return Statement(text, **(said.groupdict() if said else NOTHING_SAID._asdict()))


class Statements:
    """
    The statements in the files of a folder, run in one database inside the caller's transaction.

    `SQL = Statements(Path(__file__).parent / "sql", using="catalog")` makes `SQL["hold_stock"]` the text of
    `sql/hold_stock.sql`, for Django's `raw` and `RawSQL`; the methods run it with its parameters by name.
    """

    def __init__(self, folder: Path, *, using: str) -> None:
        self.folder = folder
        self.using = using

    def __getitem__(self, name: str) -> Statement:
        return query(self.folder, name)

    def run(self, name: str, /, **values: Any) -> int:
        """Run a statement; return how many rows it touched."""
        with connections[self.using].cursor() as cursor:
            cursor.execute(self[name], values)
            return int(cursor.rowcount)

    @overload
    def rows(self, name: str, /, **values: Any) -> list[Row]: ...

    @overload
    def rows(self, name: str, into: Callable[..., R], /, **values: Any) -> list[R]: ...

    def rows(self, name: str, into: Callable[..., Any] = dict, /, **values: Any) -> list[Any]:
        """Run a statement and make a value of each row, in the statement's order, from its columns by their names."""
        with connections[self.using].cursor() as cursor:
            cursor.execute(self[name], values)
            columns = [column.name for column in cursor.description]
            return [into(**dict(zip(columns, row, strict=True))) for row in cursor.fetchall()]

    def column(self, name: str, /, **values: Any) -> list[Any]:
        """Run a statement and return what stands in its first column, row by row."""
        with connections[self.using].cursor() as cursor:
            cursor.execute(self[name], values)
            return [first for first, *_ in cursor.fetchall()]
