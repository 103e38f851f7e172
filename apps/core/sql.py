"""SQL that lives in files: migrations of rules that only SQL can say, and the set-based statements of hot paths."""

import re
from functools import cache
from pathlib import Path

from django.db import migrations

from .database.statements import NOTHING_SAID, Statement

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
