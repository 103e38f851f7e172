"""How long the transaction of a batch may keep others waiting: shares of the lease by which it holds its sagas."""

from pathlib import Path

from django.db import connections

from apps.core.sql import query

SQL = Path(__file__).parent / "sql"
SHARES = {"statement": 3, "lock": 6, "idle": 1}


def limits(lease_seconds: float) -> dict[str, str]:
    """Return the longest statement, wait for a lock and silence of a session, as PostgreSQL spells them."""
    return {name: f"{max(1, int(1000 * lease_seconds / share))}ms" for name, share in SHARES.items()}


def limit(*, using: str, lease_seconds: float) -> None:
    """Set the limits for the rest of the transaction."""
    with connections[using].cursor() as cursor:
        cursor.execute(query(SQL, "limits"), limits(lease_seconds))
