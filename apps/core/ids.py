"""Identifiers, made by the application."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from uuid_utils.compat import uuid7

FIRST_ID = UUID(int=0)
"""Before every id, for reading page by page."""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def new_id() -> UUID:
    """
    Return a UUIDv7: unique everywhere, and rising with time, so that a primary key's index grows at its end.

    Source: RFC 9562, section 5.7.
    """
    return uuid7()


def first_id_of(moment: datetime) -> UUID:
    """Return the lowest UUIDv7 of a moment (aware): what was made before it has a lower id."""
    return UUID(int=int(moment.timestamp() * 1000) << 80)


def moment_of(made: UUID) -> datetime:
    """Return when a UUIDv7 was made, to the millisecond below, in UTC."""
    return EPOCH + timedelta(milliseconds=made.int >> 80)
