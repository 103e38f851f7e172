"""Roles of users."""

from pathlib import Path
from uuid import UUID

from django.db import connections

from apps.core.sql import query

SQL = Path(__file__).resolve().parent.parent / "sql"


def give_role(*, user_id: UUID, role: str) -> None:
    """
    Give a user the role of this name; idempotent, one statement.

    A role that the shop deleted is given to nobody, and that is no error: it grants nothing either way.
    """
    with connections["accounts"].cursor() as cursor:
        cursor.execute(query(SQL, "give_role"), {"user_id": user_id, "role": role})
