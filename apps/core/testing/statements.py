"""Counting SQL statements, transaction control apart."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from django.db import connections
from django.test.utils import CaptureQueriesContext

# `set_config` says for a transaction what SET LOCAL says.
CONTROL = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "SET LOCAL", "SELECT set_config")


@contextmanager
def captured(*aliases: str) -> Iterator[dict[str, list[str]]]:
    """Give what this thread sends to each database meanwhile; it is there once the block has ended."""
    ran: dict[str, list[str]] = {alias: [] for alias in aliases}
    with ExitStack() as stack:
        captures = {alias: stack.enter_context(CaptureQueriesContext(connections[alias])) for alias in aliases}
        yield ran
    for alias, capture in captures.items():
        ran[alias] += [query["sql"] for query in capture.captured_queries if not query["sql"].startswith(CONTROL)]


@contextmanager
def statements(**expected: int) -> Iterator[None]:
    """`with statements(orders=3, catalog=1):` - exactly so many statements to each database."""
    with captured(*expected) as ran:
        yield
    assert {alias: len(sent) for alias, sent in ran.items()} == expected, ran
