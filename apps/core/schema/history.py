"""
`migration_history`: what was applied, by which file, when.

It is a view of Django's own record and not a table beside it, so the two cannot differ; at a few hundred rows it needs
no index.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import sql

VIEW = """
CREATE OR REPLACE VIEW migration_history AS
SELECT id,
       (app || '.' || name)::varchar(255) AS migration_id,
       {service}::varchar(100) AS service_name,
       (name || '.py')::varchar(255) AS file_name,
       applied AS executed_at
FROM django_migrations
"""


@dataclass(frozen=True)
class Applied:
    """One applied migration; `migration_id` is `app.name`, `executed_at` aware."""

    migration_id: str
    service_name: str
    file_name: str
    executed_at: datetime


def ensure_view(connection: BaseDatabaseWrapper) -> None:
    """Make the view `migration_history` in a database that has Django's record and lacks the view."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT to_regclass('django_migrations') IS NOT NULL AND to_regclass('migration_history') IS NULL"
        )
        if cursor.fetchone()[0]:
            cursor.execute(sql.SQL(VIEW).format(service=sql.Literal(connection.alias)).as_string(None))


def list_history(connection: BaseDatabaseWrapper) -> list[Applied]:
    """Return what was applied to the database, oldest first; empty before its first migration."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('migration_history') IS NOT NULL")
        if not cursor.fetchone()[0]:
            return []
        cursor.execute("SELECT migration_id, service_name, file_name, executed_at FROM migration_history ORDER BY id")
        return [Applied(*row) for row in cursor.fetchall()]
