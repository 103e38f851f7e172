"""The history of a saga, read back. Pure: no Django, no database."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from .definition import Cause, Saga
from .execution import advance, start, turn_back
from .messages import Unknown
from .progress import Answered, Failed, Happening, Hold, IllegalMove, Move, Outcome, Progress, Refused, State

WITHOUT_A_MOVE = ("started", "paused", "resumed", "retried", "rebuilt")
"""Lines of a history that tell of it without moving the cursor."""
TRIES_ANEW = ("paused", "resumed", "retried")
"""Those of them after which a step that is not parked has all its tries again."""
HOLDS: dict[str, Hold | None] = {"paused": Hold.PAUSED, "resumed": None, "retried": None, "turned_back": None}
"""What a line says of the saga's hold; the others leave it as it is."""


def fold(saga: Saga, history: Iterable[Happening]) -> Progress:
    """
    Return the progress that a saga's history leads to, by replaying it through `advance` and `turn_back`.

    Raises:
        IllegalMove: the history is not a path the engine could have walked.
    """
    progress = start(saga)
    for happening in history:
        if happening.kind in WITHOUT_A_MOVE:
            progress = _with_tries(progress, happening)
            continue
        told = [i for i, step in enumerate(saga.steps) if step.name == happening.step]
        progress = gone_round(progress, *told) if told else progress
        if (saga.steps[progress.step].name, progress.direction) != (happening.step, happening.direction):
            raise IllegalMove(
                f"{happening.kind} {happening.step} {happening.direction} came while the cursor stood at "
                f"{saga.steps[progress.step].name} {progress.direction}"
            )
        progress = _replayed(saga, progress, happening).progress
    return progress


def hold_of(history: Sequence[Happening]) -> Hold | None:
    """Return why, by its history, nobody works on a saga. That nobody can read it is told by its dead letter alone."""
    return next((HOLDS[happening.kind] for happening in reversed(history) if happening.kind in HOLDS), None)


def _with_tries(progress: Progress, happening: Happening) -> Progress:
    parked = progress.finished or progress.states[progress.step] in (State.PARKED, State.COMP_PARKED)
    return progress if parked or happening.kind not in TRIES_ANEW else replace(progress, failures=0)


def gone_round(progress: Progress, step: int) -> Progress:
    """
    Return the progress with its cursor at `step`, if it may have come there untold; else as it is.

    While nothing but parked compensations is left, it goes round them, and most of their failures are not told.
    """
    parked = [i for i, state in enumerate(progress.states) if state is State.COMP_PARKED]
    return replace(progress, step=step) if {progress.step, step} <= set(parked) else progress


def _replayed(saga: Saga, progress: Progress, happening: Happening) -> Move:
    data = happening.data
    if happening.kind == "turned_back":
        cause = Cause(step=happening.step, code=data["code"], message=data["message"], details=data["details"])
        return turn_back(saga, progress, cause)
    # Retries are told at powers of two only, so the count comes from the event.
    known = replace(progress, failures=data["failures"] - 1) if "failures" in data else progress
    return advance(saga, known, _outcome_of(happening), jitter=0.0, spent=data.get("spent", False))


def _outcome_of(happening: Happening) -> Outcome:
    data = happening.data
    match happening.kind:
        case "completed" | "compensated":
            return Answered(reply=data["reply"])
        case "refused":
            return Refused(code=data["code"], message=data["message"], details=data["details"])
        case "failed":
            return Failed(error=data["error"])
        case "unknown":
            return Unknown(error=data["error"])
    raise IllegalMove(f"no saga tells of {happening.kind}")
