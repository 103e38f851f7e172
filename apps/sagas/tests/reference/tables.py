"""
Every move there is, as data: of a saga, of the step under its cursor, and of its other steps.

Each pair that stands in no table must be impossible, or refused. docs/sagas.md shows what `written` returns.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from apps.sagas.definition import Kind
from apps.sagas.messages import Direction
from apps.sagas.progress import SPENT, State, Status

from .machine import AWAY, NEVER, NO, SILENCE, YES
from .walks import GIVE_UP, GIVE_UP_ALONE, LEAVE_OUT, TURN, Seen

ANSWERED, REFUSED, FAILED, NO_ANSWER = "answered", "refused", "failed", "no answer"
LAST_FAILURE, FAILED_AGAIN, OUT_OF_REACH = "tries spent", "failed again", "out of reach"
TURNED_BACK, LEFT_OUT, GIVEN_UP, ANOTHER_GIVEN_UP = "turned back", "left out", "given up", "another given up"
NEVER_DONE = "never done"
GIVEN_UP_ALONE = "given up by one person"
EVENTS = (
    ANSWERED,
    REFUSED,
    FAILED,
    NO_ANSWER,
    LAST_FAILURE,
    FAILED_AGAIN,
    OUT_OF_REACH,
    TURNED_BACK,
    LEFT_OUT,
    NEVER_DONE,
    GIVEN_UP,
    ANOTHER_GIVEN_UP,
    GIVEN_UP_ALONE,
)


def event_of(seen: Seen) -> str:
    """Return the word of the tables for what happened at a place."""
    progress, word = seen.progress, seen.what.word
    asked = {
        TURN: TURNED_BACK,
        LEAVE_OUT: LEFT_OUT,
        GIVE_UP: GIVEN_UP if seen.what.step == progress.step else ANOTHER_GIVEN_UP,
        GIVE_UP_ALONE: GIVEN_UP_ALONE,
        YES: ANSWERED,
        NEVER: NEVER_DONE,
        AWAY: OUT_OF_REACH,
    }
    return asked.get(word) or _failure(seen)


def _failure(seen: Seen) -> str:
    progress, word = seen.progress, seen.what.word
    step, forward = seen.shape.saga.steps[progress.step], progress.direction is Direction.FORWARD
    retry = step.retry if forward else step.undo_retry
    if word == NO and forward and step.kind is not Kind.RETRIABLE:
        return REFUSED
    if progress.states[progress.step] in SPENT:
        return FAILED_AGAIN
    if progress.failures + 1 >= retry.attempts:
        return LAST_FAILURE
    return NO_ANSWER if word == SILENCE and forward else FAILED


SAGA: Mapping[tuple[Status, Kind], Mapping[str, frozenset[Status]]] = {
    (Status.ACTIVE, Kind.COMPENSATABLE): {
        ANSWERED: frozenset({Status.ACTIVE}),
        FAILED: frozenset({Status.ACTIVE}),
        NO_ANSWER: frozenset({Status.ACTIVE}),
        OUT_OF_REACH: frozenset({Status.ACTIVE}),
        REFUSED: frozenset({Status.COMPENSATING}),
        LAST_FAILURE: frozenset({Status.COMPENSATING}),
        TURNED_BACK: frozenset({Status.COMPENSATING}),
    },
    # Where nothing stands before the pivot there is nothing to undo, so the saga is undone at once.
    (Status.ACTIVE, Kind.PIVOT): {
        ANSWERED: frozenset({Status.ACTIVE, Status.COMPLETED}),
        FAILED: frozenset({Status.ACTIVE}),
        NO_ANSWER: frozenset({Status.ACTIVE}),
        OUT_OF_REACH: frozenset({Status.ACTIVE}),
        REFUSED: frozenset({Status.COMPENSATING, Status.FAILED}),
        LAST_FAILURE: frozenset({Status.COMPENSATING, Status.FAILED}),
        TURNED_BACK: frozenset({Status.COMPENSATING, Status.FAILED}),
    },
    (Status.ACTIVE, Kind.RETRIABLE): {
        ANSWERED: frozenset({Status.ACTIVE, Status.COMPLETED}),
        FAILED: frozenset({Status.ACTIVE}),
        NO_ANSWER: frozenset({Status.ACTIVE}),
        LAST_FAILURE: frozenset({Status.ACTIVE}),
        FAILED_AGAIN: frozenset({Status.ACTIVE}),
        OUT_OF_REACH: frozenset({Status.ACTIVE}),
        LEFT_OUT: frozenset({Status.ACTIVE}),
        NEVER_DONE: frozenset({Status.ACTIVE, Status.COMPLETED}),
        GIVEN_UP: frozenset({Status.ACTIVE, Status.COMPLETED}),
    },
    (Status.COMPENSATING, Kind.COMPENSATABLE): {
        ANSWERED: frozenset({Status.COMPENSATING, Status.FAILED}),
        FAILED: frozenset({Status.COMPENSATING}),
        LAST_FAILURE: frozenset({Status.COMPENSATING}),
        FAILED_AGAIN: frozenset({Status.COMPENSATING}),
        OUT_OF_REACH: frozenset({Status.COMPENSATING}),
        GIVEN_UP: frozenset({Status.COMPENSATING, Status.FAILED}),
        ANOTHER_GIVEN_UP: frozenset({Status.COMPENSATING}),
    },
}
"""By the saga's status and the kind of step it is at: what happens, and the statuses that can follow."""

# A step that may have run with others of its participant keeps its state until they are undone.
_UNDO, _UNDO_OR_WAIT = frozenset({State.COMP_READY}), frozenset({State.COMP_READY, State.READY})
STEP: Mapping[tuple[Kind, State], Mapping[str, frozenset[State]]] = {
    (Kind.COMPENSATABLE, State.READY): {
        ANSWERED: frozenset({State.COMPLETED}),
        FAILED: frozenset({State.READY}),
        OUT_OF_REACH: frozenset({State.READY}),
        NO_ANSWER: frozenset({State.UNKNOWN}),
        REFUSED: _UNDO,
        LAST_FAILURE: _UNDO_OR_WAIT,
        TURNED_BACK: _UNDO_OR_WAIT,
    },
    (Kind.COMPENSATABLE, State.UNKNOWN): {
        ANSWERED: frozenset({State.COMPLETED}),
        FAILED: frozenset({State.UNKNOWN}),
        OUT_OF_REACH: frozenset({State.UNKNOWN}),
        NO_ANSWER: frozenset({State.UNKNOWN}),
        REFUSED: _UNDO,
        LAST_FAILURE: frozenset({State.COMP_READY, State.UNKNOWN}),
        TURNED_BACK: frozenset({State.COMP_READY, State.UNKNOWN}),
    },
    (Kind.COMPENSATABLE, State.COMP_READY): {
        ANSWERED: frozenset({State.COMPENSATED}),
        FAILED: frozenset({State.COMP_READY}),
        OUT_OF_REACH: frozenset({State.COMP_READY}),
        LAST_FAILURE: frozenset({State.COMP_PARKED}),
        ANOTHER_GIVEN_UP: frozenset({State.COMP_READY}),
    },
    (Kind.COMPENSATABLE, State.COMP_PARKED): {
        ANSWERED: frozenset({State.COMPENSATED}),
        FAILED_AGAIN: frozenset({State.COMP_PARKED}),
        OUT_OF_REACH: frozenset({State.COMP_PARKED}),
        GIVEN_UP: frozenset({State.WAIVED, State.WAIVING}),
        ANOTHER_GIVEN_UP: frozenset({State.COMP_PARKED}),
    },
    (Kind.COMPENSATABLE, State.WAIVING): {
        ANSWERED: frozenset({State.WAIVED}),
        FAILED_AGAIN: frozenset({State.WAIVING}),
        OUT_OF_REACH: frozenset({State.WAIVING}),
        ANOTHER_GIVEN_UP: frozenset({State.WAIVING}),
    },
    (Kind.PIVOT, State.READY): {
        ANSWERED: frozenset({State.COMPLETED}),
        FAILED: frozenset({State.READY}),
        OUT_OF_REACH: frozenset({State.READY}),
        NO_ANSWER: frozenset({State.UNKNOWN}),
        REFUSED: frozenset({State.FAILED}),
        LAST_FAILURE: frozenset({State.FAILED}),
        TURNED_BACK: frozenset({State.FAILED}),
    },
    (Kind.PIVOT, State.UNKNOWN): {
        ANSWERED: frozenset({State.COMPLETED}),
        FAILED: frozenset({State.UNKNOWN}),
        OUT_OF_REACH: frozenset({State.UNKNOWN}),
        NO_ANSWER: frozenset({State.UNKNOWN}),
        REFUSED: frozenset({State.FAILED}),
        LAST_FAILURE: frozenset({State.FAILED}),
        TURNED_BACK: frozenset({State.FAILED}),
    },
    (Kind.RETRIABLE, State.READY): {
        ANSWERED: frozenset({State.COMPLETED}),
        FAILED: frozenset({State.READY}),
        OUT_OF_REACH: frozenset({State.READY}),
        NO_ANSWER: frozenset({State.UNKNOWN}),
        LAST_FAILURE: frozenset({State.PARKED}),
        LEFT_OUT: frozenset({State.SKIPPING}),
    },
    (Kind.RETRIABLE, State.UNKNOWN): {
        ANSWERED: frozenset({State.COMPLETED}),
        FAILED: frozenset({State.UNKNOWN}),
        OUT_OF_REACH: frozenset({State.UNKNOWN}),
        NO_ANSWER: frozenset({State.UNKNOWN}),
        LAST_FAILURE: frozenset({State.PARKED}),
        LEFT_OUT: frozenset({State.SKIPPING}),
    },
    (Kind.RETRIABLE, State.PARKED): {
        ANSWERED: frozenset({State.COMPLETED}),
        FAILED_AGAIN: frozenset({State.PARKED}),
        OUT_OF_REACH: frozenset({State.PARKED}),
        LEFT_OUT: frozenset({State.SKIPPING}),
        GIVEN_UP: frozenset({State.WAIVED, State.WAIVING}),
    },
    (Kind.RETRIABLE, State.SKIPPING): {
        ANSWERED: frozenset({State.COMPLETED}),
        NEVER_DONE: frozenset({State.SKIPPED}),
        FAILED_AGAIN: frozenset({State.SKIPPING}),
        OUT_OF_REACH: frozenset({State.SKIPPING}),
    },
    (Kind.RETRIABLE, State.WAIVING): {
        ANSWERED: frozenset({State.WAIVED}),
        FAILED_AGAIN: frozenset({State.WAIVING}),
        OUT_OF_REACH: frozenset({State.WAIVING}),
    },
}
"""By the kind and the state of the step under the cursor: what happens, and the states that can follow."""

_TURNS = {REFUSED, LAST_FAILURE, TURNED_BACK}
OTHERS: Mapping[tuple[State, State], frozenset[str]] = {
    (State.PENDING, State.READY): frozenset({ANSWERED, NEVER_DONE, GIVEN_UP}),
    (State.PENDING, State.SKIPPED): frozenset(_TURNS),
    # It may have run in one commit with the step under the cursor, of which no answer is known.
    (State.PENDING, State.COMP_READY): frozenset({LAST_FAILURE, TURNED_BACK}),
    (State.COMPLETED, State.COMP_READY): frozenset({*_TURNS, ANSWERED, GIVEN_UP}),
    (State.READY, State.COMP_READY): frozenset({ANSWERED, LAST_FAILURE}),
    (State.UNKNOWN, State.COMP_READY): frozenset({ANSWERED, LAST_FAILURE}),
    (State.COMP_PARKED, State.WAIVED): frozenset({ANOTHER_GIVEN_UP}),
    (State.COMP_PARKED, State.WAIVING): frozenset({ANOTHER_GIVEN_UP}),
}
"""What else changes, of the steps that are not under the cursor, and what must happen under it."""


def written() -> str:
    """Return the tables as docs/sagas.md shows them."""
    tables = (
        ("the saga", "at a step that is", _grouped(SAGA)),
        ("the step under the cursor", "in state", _grouped(STEP)),
    )
    parts = [_table((first, second, "what happens", "then"), rows) for first, second, rows in tables]
    others = ((_code([before]), _listed(events), _code([after])) for (before, after), events in OTHERS.items())
    return "\n\n".join((*parts, _table(("another step", "what happens under the cursor", "then"), others)))


def _grouped(moves: Mapping[tuple[Any, Any], Mapping[str, frozenset[Any]]]) -> Iterator[tuple[str, ...]]:
    """Yield one row for all that has the same end."""
    for (first, second), after in moves.items():
        for end in sorted(set(after.values()), key=lambda end: list(after.values()).index(end)):
            yield _code([first]), _code([second]), _listed(one for one in after if after[one] == end), _code(end)


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    return "\n".join(f"| {' | '.join(row)} |" for row in (heads, ["---"] * len(heads), *rows))


def _listed(events: Iterable[str]) -> str:
    return ", ".join(sorted(events, key=EVENTS.index))


def _code(words: Iterable[str]) -> str:
    return " or ".join(f"`{word}`" for word in sorted(words))
