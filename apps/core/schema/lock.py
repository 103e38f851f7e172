"""Two migrations of one database at a time are one too many: the second waits for the first."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db.backends.base.base import BaseDatabaseWrapper

# Any number does, as long as every release uses the same.
LOCK_ID = 20_250_419
# How long to wait for another migration of the same database.
WAIT_SECONDS = 600
# How long one statement waits for a table: while it waits, everybody else waits behind it.
TABLE_WAIT_SECONDS = 10


@contextmanager
def migration_lock(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """
    Hold the database's migration lock, with a short lock_timeout on `connection` for the statements of the migrations.

    The lock stands in a transaction of a connection of its own, so it also holds behind PgBouncer in transaction mode,
    and goes with the process if that is killed. Raises psycopg.OperationalError where the database is down, and
    psycopg.errors.LockNotAvailable where another migration takes longer than WAIT_SECONDS.
    """
    with psycopg.connect(**plain_parameters(connection)) as holder:
        holder.execute(f"SET LOCAL lock_timeout = '{WAIT_SECONDS}s'")
        holder.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK_ID])
        # Ends the SELECT, and with it its snapshot, for which CREATE INDEX CONCURRENTLY would wait.
        holder.execute("SET LOCAL lock_timeout TO DEFAULT")
        with connection.cursor() as cursor:
            cursor.execute(f"SET lock_timeout = '{TABLE_WAIT_SECONDS}s'")
        try:
            yield
        finally:
            with connection.cursor() as cursor:
                cursor.execute("RESET lock_timeout")


def plain_parameters(connection: BaseDatabaseWrapper) -> dict[str, Any]:
    """Return the arguments of psycopg.connect for Django's database, without Django's cursors and adapters."""
    parameters = connection.get_connection_params()
    return {name: value for name, value in parameters.items() if name not in {"context", "cursor_factory"}}
