"""Running the set-based statements of sql/ in the notifications database."""

from pathlib import Path
from typing import Any

from django.db import connections

from apps.core.sql import query

DATABASE = "notifications"
SQL = Path(__file__).resolve().parent.parent / "sql"


def run(name: str, **values: Any) -> list[dict[str, Any]]:
    """Run `sql/<name>.sql` and return its rows, each by column name; none where it returns nothing."""
    with connections[DATABASE].cursor() as cursor:
        cursor.execute(query(SQL, name), values)
        if cursor.description is None:
            return []
        columns = [column.name for column in cursor.description]
        return [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]
