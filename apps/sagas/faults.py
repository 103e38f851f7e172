"""What a technical failure means: nobody there, a lost race, or a culprit in the batch."""

from enum import Enum

from django.db import Error


class Fault(Enum):
    """What to do about an exception that a batch raised."""

    UNREACHABLE = "postpone the whole batch, spending nobody's attempt"
    CONFLICT = "try the same batch again at once"
    CULPRIT = "halve the batch until the culprit fails alone"


UNREACHABLE_STATES = ("08", "53", "57P")
"""SQLSTATE classes: connection exceptions, insufficient resources, operator intervention."""
CONFLICT_STATES = ("40001", "40P01", "23505")
"""Serialization failure, deadlock, and the unique violation by which one of two equal calls loses."""


def fault_of(error: Exception) -> Fault:
    """Return what an exception from a participant's transaction means (PostgreSQL manual, appendix A)."""
    if not isinstance(error, Error):
        return Fault.CULPRIT
    state = getattr(error.__cause__, "sqlstate", None)
    if state is None or state.startswith(UNREACHABLE_STATES):
        # psycopg gives no SQLSTATE when the connection itself broke, or the pool had none to give.
        return Fault.UNREACHABLE
    return Fault.CONFLICT if state in CONFLICT_STATES else Fault.CULPRIT


def described(error: BaseException) -> str:
    """Return an exception as one line, at most 500 characters."""
    return f"{type(error).__name__}: {error}".replace("\n", " ")[:500]
