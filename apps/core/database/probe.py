"""
Ask several databases at once, each on a connection of its own, and wait for none longer than agreed.

For what must answer while things are broken (health, metrics): a full pool or a database that hangs costs nobody but
the one who asked.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from threading import Thread
from time import monotonic, perf_counter
from typing import Any, Generic, TypeVar

import psycopg
from django.db import connections

T = TypeVar("T")
Question = tuple[str, Sequence[Any]]
Rows = list[tuple[Any, ...]]


@dataclass(frozen=True)
class Outcome(Generic[T]):
    """What a piece of work came to: `value`, or the `error` that stopped it, and how long it took."""

    value: T | None
    error: Exception | None
    seconds: float


def at_once(
    works: Mapping[str, Callable[[], T]], *, foreseen: tuple[type[Exception], ...], within_seconds: float
) -> dict[str, Outcome[T]]:
    """
    Do several pieces of work, each in a thread, and return their outcomes; what is not done in time is a TimeoutError.

    An overdue thread is left to end by itself; it is a daemon, so it does not hold the process.
    """
    outcomes: dict[str, Outcome[T]] = {}
    started = perf_counter()

    def run(name: str, work: Callable[[], T]) -> None:
        try:
            value, error = work(), None
        except foreseen as stopped:
            value, error = None, stopped
        outcomes[name] = Outcome(value, error, perf_counter() - started)

    threads = [Thread(target=run, args=item, daemon=True, name=f"ask-{item[0]}") for item in works.items()]
    for thread in threads:
        thread.start()
    deadline = monotonic() + within_seconds
    for thread in threads:
        thread.join(max(0.0, deadline - monotonic()))
    late = Outcome[T](None, TimeoutError(f"no answer within {within_seconds:g} s"), within_seconds)
    return {name: outcomes.get(name, late) for name in works}


def asking(alias: str, questions: Sequence[Question], *, within_seconds: float = 2) -> Callable[[], list[Rows]]:
    """
    Return the work of asking one database some questions in one read-only transaction; one list of rows a question.

    What it needs from Django is read now, in the caller's thread.
    """
    address = connections[alias].get_connection_params() | {"connect_timeout": within_seconds}

    def ask() -> list[Rows]:
        with psycopg.connect(**address) as connection:
            connection.read_only = True
            connection.execute(f"SET LOCAL statement_timeout = '{within_seconds:g}s'".encode())
            return [connection.execute(query.encode(), parameters).fetchall() for query, parameters in questions]

    return ask
