"""What tests of orders count."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext

Counting = Callable[..., AbstractContextManager[None]]


@pytest.fixture
def statements() -> Counting:
    """`with statements(orders=3, catalog=1):` - exactly so many statements in each database, savepoints left aside."""

    @contextmanager
    def counting(**expected: int) -> Iterator[None]:
        with ExitStack() as stack:
            captured = {alias: stack.enter_context(CaptureQueriesContext(connections[alias])) for alias in expected}
            yield
        ran = {
            alias: [query["sql"] for query in queries if not bookkeeping(query["sql"])]
            for alias, queries in captured.items()
        }
        assert {alias: len(queries) for alias, queries in ran.items()} == expected, ran

    return counting


def bookkeeping(sql: str) -> bool:
    return sql.startswith(("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK"))
