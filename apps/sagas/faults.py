"""What a technical failure means: nobody there, a lost race, or a culprit in the batch."""

from enum import Enum

from django.db import Error, InterfaceError, OperationalError

from .definition import class_name
from .progress import Failed


class Fault(Enum):
    """What to do about an exception that a batch raised."""

    UNREACHABLE = "postpone the whole batch, spending nobody's attempt"
    CONFLICT = "try the same batch again at once"
    CULPRIT = "halve the batch until the culprit fails alone"


UNREACHABLE_STATES = ("08", "53", "57P", "25P03", "25006")
"""
SQLSTATE: connection exceptions, insufficient resources, operator intervention, a session ended for idling, and a
database that may not be written to: in a failover everybody meets the standby for a while.
"""
CONFLICT_STATES = ("40001", "40P01", "23505", "55P03")
"""Serialization failure, deadlock, a lock not had in time, and the unique violation by which one of two calls loses."""


def fault_of(error: Exception) -> Fault:
    """Return what an exception from a participant's transaction means (PostgreSQL manual, appendix A)."""
    if not isinstance(error, Error):
        return Fault.CULPRIT
    state = getattr(error.__cause__, "sqlstate", None)
    if state is None:
        # psycopg gives no SQLSTATE when the connection itself broke, or the pool had none to give; what else has none
        # (a value it cannot send, a transaction misused) is somebody's bug.
        return Fault.UNREACHABLE if isinstance(error, OperationalError | InterfaceError) else Fault.CULPRIT
    if state.startswith(UNREACHABLE_STATES):
        return Fault.UNREACHABLE
    return Fault.CONFLICT if state in CONFLICT_STATES else Fault.CULPRIT


def failed(error: Exception) -> Failed:
    """Return the failure that an exception is, with its class for the policy to judge."""
    return Failed(error=described(error), exception=class_name(type(error)))


def described(error: BaseException) -> str:
    """Return an exception as one line, at most 500 characters, that a database can store."""
    return storable(f"{type(error).__name__}: {error}")


def storable(text: str) -> str:
    """Return a text as one line of at most 500 characters, without the NUL that PostgreSQL refuses."""
    return text.replace("\n", " ").replace("\0", "")[:500]
