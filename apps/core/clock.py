"""The time. Functions that depend on it take `now` as an argument; this is what callers at the edge pass."""

from datetime import UTC, datetime


def now() -> datetime:
    """Return the current time, aware, in UTC."""
    return datetime.now(UTC)
