"""Domain events leave by the outbox of the database in whose commit they happened."""

from collections.abc import Sequence
from pathlib import Path

from django.db import connections
from django.db.backends.postgresql.psycopg_any import Jsonb

from apps.core.ids import new_id
from apps.core.sql import query

from .messages import Event, to_json

SQL = Path(__file__).parent / "sql"


def publish(events: Sequence[Event], *, using: str) -> None:
    """
    Write events into the outbox of one database, inside the caller's transaction; in one statement, none for no event.

    Events of one aggregate get consecutive numbers in the order given. Two transactions that write events of one
    aggregate at once cannot both commit: lock the aggregate's row first.
    """
    if not events:
        return
    with connections[using].cursor() as cursor:
        cursor.execute(
            query(SQL, "publish"),
            [
                [new_id() for _ in events],
                [event.aggregate for event in events],
                [event.aggregate_id for event in events],
                [event.type for event in events],
                [Jsonb(to_json(event)) for event in events],
            ],
        )
