"""Pages of ids, each read by a key, so that none costs more than its own rows."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connections

from apps.core import clock
from apps.core.ids import FIRST_ID, first_id_of, moment_of
from apps.core.sql import Statements

from .registry import Page

FOLDER = Path(__file__).parent.parent / "sql"
LONG_AGO = datetime.fromisoformat("2000-01-01T00:00:00+00:00")


def settled_before() -> datetime:
    """Return the time before which nothing is written any more: what commits late was begun after it."""
    return clock.now() - timedelta(seconds=settings.AUDIT_LAG_SECONDS)


def by_id(statement: str, *, using: str, **values: Any) -> Callable[[str, int], Page]:
    """Return a source's `read`: a statement that gives ids after one, in order; only those made before the lag."""

    def read(position: str, limit: int) -> Page:
        before = settled_before()
        found: list[UUID] = Statements(FOLDER, using=using).column(
            statement,
            after=UUID(position) if position else FIRST_ID,
            before=first_id_of(before),
            limit=limit,
            **values,
        )
        is_last = len(found) < limit
        reached = str(found[-1]) if found else position
        return Page(found, reached, is_last, before if is_last else moment_of(found[-1]))

    return read


def by_time(statement: str, *, using: str) -> Callable[[str, int], Page]:
    """Return a source's `read`: a statement that gives times and ids after a pair, in order."""

    def read(position: str, limit: int) -> Page:
        at, _, after = position.partition(" ")
        before = settled_before()
        with connections[using].cursor() as cursor:
            cursor.execute(
                Statements(FOLDER, using=using)[statement],
                {
                    "at": datetime.fromisoformat(at) if at else LONG_AGO,
                    "after": UUID(after) if after else FIRST_ID,
                    "before": before,
                    "limit": limit,
                },
            )
            found = cursor.fetchall()
        is_last = len(found) < limit
        reached = f"{found[-1][0].isoformat()} {found[-1][1]}" if found else position
        return Page([one for _, one in found], reached, is_last, before if is_last else found[-1][0])

    return read


def whole(list_ids: Callable[[int], list[UUID]]) -> Callable[[str, int], Page]:
    """Return a source's `read` of what is always few: all of it, each time."""

    def read(position: str, limit: int) -> Page:
        return Page(list_ids(limit), "", True, clock.now())

    return read
