"""The engine's moves, as functions of what is known. Pure: no Django, no clock, no database."""

from enum import StrEnum


class Status(StrEnum):
    """
    The states of a saga.

    `active -> completed`, or `active -> compensating -> failed`: failed means proven undone. Both ends are final.
    """

    ACTIVE = "active"
    COMPLETED = "completed"
    COMPENSATING = "compensating"
    FAILED = "failed"


class Hold(StrEnum):
    """Why an unfinished saga is not being worked on."""

    PAUSED = "paused"
    DEAD_LETTER = "dead_letter"
