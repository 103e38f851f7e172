"""Cursors that time each statement."""

from collections.abc import Callable
from time import perf_counter
from typing import Any

from django.db import Error
from django.db.backends.utils import CursorDebugWrapper, CursorWrapper
from django_prometheus.db import errors_total

from .series import duration_of
from .statements import NOTHING_SAID, About, Statement


class Timed:
    """From sending a statement until its whole result is here; a failure counts like a success, and by its type."""

    def _execute(self, sql: str, params: Any, *ignored: Any) -> Any:
        return self._timed(sql, super()._execute, params, *ignored)  # type: ignore[misc]

    def _executemany(self, sql: str, param_list: Any, *ignored: Any) -> Any:
        return self._timed(sql, super()._executemany, param_list, *ignored)  # type: ignore[misc]

    def _timed(self, sql: str, execute: Callable[..., Any], *arguments: Any) -> Any:
        connection = self.db  # type: ignore[attr-defined]
        started = perf_counter()
        try:
            return execute(sql, *arguments)
        except Error as error:
            errors_total.labels(connection.alias, connection.vendor, type(error).__name__).inc()
            raise
        finally:
            seconds = perf_counter() - started
            connection.executed.inc()
            connection.lasted.observe(seconds)
            duration_of(connection.service, about(sql, connection.about)).observe(seconds)


def about(sql: str, announced: About) -> About:
    """Return what a statement is about: its own word, or the compiler's, or nothing."""
    if announced is NOTHING_SAID and isinstance(sql, Statement):
        return sql.about
    return announced


class TimedCursor(Timed, CursorWrapper):
    pass


class TimedDebugCursor(Timed, CursorDebugWrapper):
    pass
