"""Recording the SQL that a piece of work sends, so that pgbench can send it again."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
from django.db import connections


class Recording:
    """The statements sent to each database, in order, with their values in them."""

    def __init__(self) -> None:
        self.statements: dict[str, list[str]] = defaultdict(list)
        self._open: dict[str, bool] = defaultdict(bool)

    def note(self, alias: str, statement: str, *, in_transaction: bool) -> None:
        """Add one statement; the first of a transaction is preceded by BEGIN, as the driver does."""
        if in_transaction and not self._open[alias]:
            self.statements[alias].append("BEGIN")
            self._open[alias] = True
        self.statements[alias].append(statement)

    def end(self, alias: str, word: str) -> None:
        """Add the end of a transaction."""
        if self._open[alias]:
            self.statements[alias].append(word)
            self._open[alias] = False

    def write(self, folder: Path) -> dict[str, Path]:
        """Write one pgbench script a database; return their paths."""
        scripts = {alias: folder / f"{alias}.sql" for alias in self.statements}
        for alias, script in scripts.items():
            script.write_text("".join(f"{one};\n" for one in self.statements[alias]))
        return scripts


@contextmanager
def recorded(aliases: Sequence[str]) -> Iterator[Recording]:
    """Record what this thread sends to these databases."""
    recording = Recording()
    with ExitStack() as stack:
        for alias in aliases:
            stack.enter_context(_recorded(alias, recording))
        yield recording


@contextmanager
def _recorded(alias: str, recording: Recording) -> Iterator[None]:
    connection: Any = connections[alias]

    def note(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        with psycopg.ClientCursor(connection.connection) as cursor:
            text = cursor.mogrify(sql, params) if params else sql
        # pgbench ends a statement at a semicolon, so a line comment must not swallow what follows it.
        recording.note(alias, without_comments(text), in_transaction=connection.in_atomic_block)
        return execute(sql, params, many, context)

    commit, rollback = connection._commit, connection._rollback
    connection._commit = partial(_then, commit, partial(recording.end, alias, "COMMIT"))
    connection._rollback = partial(_then, rollback, partial(recording.end, alias, "ROLLBACK"))
    connection.ensure_connection()
    try:
        with connection.execute_wrapper(note):
            yield
    finally:
        connection._commit, connection._rollback = commit, rollback


def _then(first: Callable[[], Any], second: Callable[[], None]) -> Any:
    result = first()
    second()
    return result


def without_comments(sql: str) -> str:
    """Return a statement without its lines of comment."""
    return "\n".join(line for line in sql.splitlines() if line.strip() and not line.lstrip().startswith("--"))
