"""Every place at which a saga of each shape can stand, and what the engine makes there of all that can happen."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

from apps.sagas.definition import Cause, Saga, Waiver
from apps.sagas.execution import advance, skip, start, turn_back, waive
from apps.sagas.messages import Direction, Unknown
from apps.sagas.progress import Answered, Failed, IllegalMove, LeftOut, Move, Outcome, Postponed, Progress, Refused

from .machine import AWAY, ERROR, NEVER, NO, SILENCE, YES
from .shapes import SHAPES, Flood, Shape

OUTCOMES: dict[str, Outcome] = {
    YES: Answered(),
    NEVER: LeftOut(),
    NO: Refused(code=NO, message="No."),
    ERROR: Failed(error="OSError: the kettle fell"),
    SILENCE: Unknown(error="TimeoutError: nobody answered"),
    AWAY: Postponed(error="no route", seconds=7.0),
}
TURN, LEAVE_OUT, GIVE_UP, GIVE_UP_ALONE = "turn", "leave out", "give up", "give up alone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Happens:
    """
    One thing that can happen to a saga: an answer, or what somebody asks; `step` is the one that is given up.

    `since` is for how long the step has failed, in seconds; `flood` says that its failure is one no try helps against.
    """

    word: str
    step: int = 0
    since: float = 0.0
    flood: bool = False


def happenings(shape: Shape) -> Iterator[Happens]:
    """Yield all that can happen to a saga of a shape, whether it may or not."""
    yield from (Happens(word=word) for word in (*OUTCOMES, TURN, LEAVE_OUT))
    for step in range(len(shape.lines)):
        yield Happens(word=GIVE_UP, step=step)
    yield Happens(word=GIVE_UP_ALONE, step=0)


def moved(saga: Saga, progress: Progress, what: Happens) -> Move | None:
    """Return the engine's move, or None where it refuses."""
    step = saga.steps[what.step].name
    try:
        match what.word:
            case "turn":
                here = saga.steps[progress.step].name
                return turn_back(saga, progress, Cause(step=here, code="asked", message="Because."))
            case "leave out":
                return skip(saga, progress, "Because.")
            case "give up" | "give up alone":
                other = "ines" if what.word == GIVE_UP_ALONE else "omar"
                waiver = Waiver(step=step, proposed_by="ines", approved_by=other, reason="Because.")
                return waive(saga, progress, waiver)
        outcome = OUTCOMES[what.word]
        if what.flood and isinstance(outcome, Failed):
            outcome = replace(outcome, exception=f"{Flood.__module__}.{Flood.__qualname__}")
        return advance(saga, replace(progress, failing_seconds=what.since), outcome, jitter=1.0)
    except IllegalMove:
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A place, what happened there, and the engine's move; None where it refused."""

    shape: Shape
    progress: Progress
    what: Happens
    move: Move | None


@cache
def everything() -> tuple[Seen, ...]:
    """Visit every place of every shape, and let everything happen there."""
    return tuple(seen for shape in SHAPES for seen in _everything_of(shape))


def _everything_of(shape: Shape) -> Iterator[Seen]:
    first = start(shape.saga)
    known, queue = {first}, deque([first])
    while queue:
        progress = queue.popleft()
        for what in happenings(shape):
            move = moved(shape.saga, progress, what)
            yield Seen(shape=shape, progress=progress, what=what, move=move)
            if move and (place := _place(shape.saga, move.progress)) not in known:
                known.add(place)
                queue.append(place)


def _place(saga: Saga, progress: Progress) -> Progress:
    """Return the one progress that stands for all that differ in who asked why, or in tries beyond the last."""
    step = saga.steps[progress.step]
    retry = step.retry if progress.direction is Direction.FORWARD else step.undo_retry
    failures = min(progress.failures, retry.attempts)
    return replace(progress, failures=failures, failing_seconds=0.0, cause=None, waivers=())
