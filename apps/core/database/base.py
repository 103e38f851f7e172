"""Django's PostgreSQL engine with timed cursors."""

from typing import Any

from django.db.backends.postgresql import base, operations
from django_prometheus.db import connection_errors_total, connections_total, execute_total, query_duration_seconds

from . import pool_sizes
from .cursors import TimedCursor, TimedDebugCursor
from .series import service_of
from .session_limits import IN_TRANSACTIONS
from .statements import NOTHING_SAID, About


class DatabaseOperations(operations.DatabaseOperations):
    compiler_module = "apps.core.database.compiler"


class DatabaseWrapper(base.DatabaseWrapper):
    """
    The connection of one thread to one database.

    django-prometheus's series `django_db_*` are kept; its own engine is not used, because it makes a class for every
    connection taken from the pool and knows no tables.
    """

    ops_class = DatabaseOperations

    def __init__(self, settings_dict: dict[str, Any], alias: str = "default") -> None:
        super().__init__(settings_dict, alias)
        self.about: About = NOTHING_SAID
        self.service = service_of(alias)
        self.executed = execute_total.labels(alias, self.vendor)
        self.lasted = query_duration_seconds.labels(alias, self.vendor)

    def _set_autocommit(self, autocommit: bool) -> None:
        super()._set_autocommit(autocommit)  # type: ignore[misc]
        limits = None if autocommit else self.settings_dict.get(IN_TRANSACTIONS)
        if limits:
            with self.wrap_database_errors:
                self.connection.execute(limits)

    def make_cursor(self, cursor: Any) -> TimedCursor:
        return TimedCursor(cursor, self)

    def make_debug_cursor(self, cursor: Any) -> TimedDebugCursor:
        return TimedDebugCursor(cursor, self)

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        pool_sizes.watch()
        connections_total.labels(self.alias, self.vendor).inc()
        try:
            return super().get_new_connection(conn_params)
        except self.Database.Error:
            connection_errors_total.labels(self.alias, self.vendor).inc()
            raise
