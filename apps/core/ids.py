"""Identifiers, made by the application."""

from uuid import UUID

from uuid_utils.compat import uuid7


def new_id() -> UUID:
    """
    Return a UUIDv7: unique everywhere, and rising with time, so that a primary key's index grows at its end.

    Source: RFC 9562, section 5.7.
    """
    return uuid7()
