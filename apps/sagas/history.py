"""The history of a saga, read back. Pure: no Django, no database."""

from collections.abc import Iterable
from dataclasses import replace

from .definition import Cause, Saga
from .execution import advance, start, turn_back
from .messages import Unknown
from .progress import Answered, Failed, Happening, IllegalMove, Move, Outcome, Progress, Refused

WITHOUT_A_MOVE = ("started", "paused", "resumed", "retried")
"""Lines of a history that tell of it without moving the cursor."""


def fold(saga: Saga, history: Iterable[Happening]) -> Progress:
    """
    Return the progress that a saga's history leads to, by replaying it through `advance` and `turn_back`.

    Raises:
        IllegalMove: the history is not a path the engine could have walked.
    """
    progress = start(saga)
    for happening in history:
        if happening.kind in WITHOUT_A_MOVE:
            continue
        if (saga.steps[progress.step].name, progress.direction) != (happening.step, happening.direction):
            raise IllegalMove(
                f"{happening.kind} {happening.step} {happening.direction} came while the cursor stood at "
                f"{saga.steps[progress.step].name} {progress.direction}"
            )
        progress = _replayed(saga, progress, happening).progress
    return progress


def _replayed(saga: Saga, progress: Progress, happening: Happening) -> Move:
    data = happening.data
    if happening.kind == "turned_back":
        cause = Cause(step=happening.step, code=data["code"], message=data["message"], details=data["details"])
        return turn_back(saga, progress, cause)
    # Retries are told at powers of two only, so the count comes from the event.
    known = replace(progress, failures=data["failures"] - 1) if "failures" in data else progress
    return advance(saga, known, _outcome_of(happening), jitter=0.0)


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
