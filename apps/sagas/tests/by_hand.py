"""What a person with psql might do to the engine's tables, on purpose or not."""

from typing import Any
from uuid import UUID

import msgspec
from django.db import connections, transaction


def damage(saga_id: UUID, **columns: Any) -> None:
    """Write into columns of a saga's row."""
    values = {name: msgspec.json.encode(value).decode() if name in JSON else value for name, value in columns.items()}
    assignments = ", ".join(f"{name} = %({name})s" for name in columns)
    run(f"UPDATE saga_transactions SET {assignments} WHERE id = %(id)s", id=saga_id, **values)


JSON = ("states", "data", "cause")


def delete(saga_id: UUID) -> None:
    """Delete a saga's row."""
    run("DELETE FROM saga_transactions WHERE id = %(id)s", id=saga_id)


def tamper(sql: str, **values: Any) -> None:
    """Change histories, as their owner can who breaks both seals first; they are whole again afterwards."""
    with transaction.atomic(using="orders"):
        run("ALTER TABLE saga_events DISABLE TRIGGER saga_events_are_append_only")
        run("GRANT UPDATE, DELETE ON saga_events TO CURRENT_USER")
        run(sql, **values)
        run("REVOKE UPDATE, DELETE ON saga_events FROM CURRENT_USER")
        run("ALTER TABLE saga_events ENABLE TRIGGER saga_events_are_append_only")


def run(sql: str, **values: Any) -> None:
    with connections["orders"].cursor() as cursor:
        cursor.execute(sql, values)
