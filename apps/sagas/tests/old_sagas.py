"""Sagas of long ago, and of moments ago that are archived."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.db import connections

from apps.core import clock
from apps.core.ids import first_id_of, new_id
from apps.sagas import retention
from apps.sagas.retention import Month
from apps.sagas.testing import drain

from .tea_house import LANES, begun, order

JUNE, JULY = Month(2020, 6), Month(2020, 7)


def archive():
    """Archive whatever has finished."""
    while retention.archive_finished(before=clock.now() + timedelta(seconds=1)):
        pass


def rows(alias, query, *values):
    """Return the rows of a query."""
    with connections[alias].cursor() as cursor:
        cursor.execute(query, values)
        return cursor.fetchall()


def id_of(moment: datetime) -> UUID:
    """Return a new id as it would have been made at that moment."""
    return UUID(int=first_id_of(moment).int | (new_id().int & ((1 << 80) - 1)))


def of_june(day: int = 15):
    """Return a guest of that day of June 2020."""
    return replace(order(), saga_id=id_of(datetime(2020, 6, day, tzinfo=UTC)))


def done(*teas):
    """Serve these guests, and archive their sagas."""
    begun(*teas)
    drain(LANES)
    archive()
