"""The set-based statements of sql/, and how they are run."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from django.db import connections

from apps.core.sql import query

DATABASE = "catalog"
SQL = Path(__file__).resolve().parent / "sql"
R = TypeVar("R")


def rows(statement: str, into: Callable[..., R], **parameters: Any) -> list[R]:
    """Run one statement inside the caller's transaction; make a value of each row, its columns in their order."""
    with connections[DATABASE].cursor() as cursor:
        cursor.execute(query(SQL, statement), parameters)
        return [into(*row) for row in cursor.fetchall()]


def run(statement: str, **parameters: Any) -> None:
    """Run one statement inside the caller's transaction."""
    with connections[DATABASE].cursor() as cursor:
        cursor.execute(query(SQL, statement), parameters)
