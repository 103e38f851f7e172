"""
The engine's words: where a saga and its steps stand, what became of a step, and what that does. Pure: no Django.

The moves between them are in execution.py.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from .definition import Cause, Waiver
from .messages import Direction, Unknown


class Status(StrEnum):
    """
    The states of a saga.

    `active -> completed`, or `active -> compensating -> failed`: failed means proven undone. Both ends are final.
    """

    ACTIVE = "active"
    COMPLETED = "completed"
    COMPENSATING = "compensating"
    FAILED = "failed"


LIVING = (Status.ACTIVE, Status.COMPENSATING)
"""The states in which a saga has not ended."""


class Hold(StrEnum):
    """Why an unfinished saga is not being worked on."""

    PAUSED = "paused"
    DEAD_LETTER = "dead_letter"


class State(StrEnum):
    """
    The states of a step. A step that is `ready` or `unknown` runs while the saga is leased.

    `waiving`, `skipping`: two people gave it up, or one left it out, and its participant has not noted that yet.
    """

    PENDING = "pending"
    READY = "ready"
    UNKNOWN = "unknown"
    PARKED = "parked"
    COMPLETED = "completed"
    FAILED = "failed"
    COMP_READY = "comp_ready"
    COMP_PARKED = "comp_parked"
    COMPENSATED = "compensated"
    WAIVING = "waiving"
    WAIVED = "waived"
    SKIPPING = "skipping"
    SKIPPED = "skipped"


CLOSED = frozenset({State.PENDING, State.SKIPPED, State.COMPENSATED, State.WAIVED})
"""The states in which a step's effect is known not to stand, or is answered for."""
SET_ASIDE = frozenset({State.COMP_PARKED, State.WAIVING})
"""The states of compensations that go on being tried while the others are undone."""
SPENT = SET_ASIDE | {State.PARKED, State.SKIPPING}
"""The states of steps whose tries are spent, or cut short by people; they go on being tried, slowly."""
DECIDED = frozenset({State.WAIVING, State.SKIPPING})
"""The states of steps that people have done with, until the participant has noted it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """The participant did it; `reply` is what it said, as JSON."""

    reply: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """The participant has not done it and never will, as people asked: what comes late finds a tombstone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """The participant said no; nothing of the step was done."""

    code: str
    message: str
    details: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """
    A technical failure: nothing was stored, the same step may be tried again.

    `exception` names the exact class of what was raised (definition.class_name), where something was.
    """

    error: str
    exception: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Postponed:
    """
    The participant, or the world outside that it acts on, could not be reached at all: nobody's attempt is spent.

    `asked` says that somebody out there may have heard nevertheless: nobody knows whether the effect took place.
    `answered` says that the participant is there, and that this saga alone has to wait.
    """

    error: str
    seconds: float
    asked: bool = False
    answered: bool = False


Outcome = Answered | LeftOut | Refused | Failed | Unknown | Postponed


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """
    Where one saga stands; `states` has one word a step.

    `failures` counts those of the step under the cursor; `failing_seconds` is how long ago the first of them was when
    the saga was claimed, by the database's clock.
    """

    status: Status
    step: int
    direction: Direction
    states: tuple[State, ...]
    failures: int = 0
    failing_seconds: float = 0.0
    cause: Cause | None = None
    waivers: tuple[Waiver, ...] = ()

    @property
    def finished(self) -> bool:
        """Whether the saga has ended."""
        return self.status not in LIVING


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """One line of a saga's history, before it has a number."""

    kind: str
    step: str
    direction: Direction
    data: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """
    What one outcome does to a saga.

    `delay_seconds` is how long the next try waits; `error` the technical failure to show meanwhile. `parked` and
    `freed` say that the dead letter of the step that moved is to be opened, or resolved; `failures` counts its own.
    """

    progress: Progress
    happenings: tuple[Happening, ...] = ()
    delay_seconds: float = 0.0
    error: str | None = None
    parked: bool = False
    freed: bool = False
    failures: int = 0


class IllegalMove(RuntimeError):
    """The engine was asked for a transition that the specification does not have: a bug, never a person's mistake."""
