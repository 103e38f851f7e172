"""The history of a saga, read back. Pure: no Django, no database."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from .definition import Cause, Saga, Waiver
from .execution import advance, open_effects, skip, start, turn_back, waive
from .messages import Direction, Unknown, to_json
from .progress import (
    SET_ASIDE,
    SPENT,
    Answered,
    Failed,
    Happening,
    Hold,
    IllegalMove,
    LeftOut,
    Move,
    Outcome,
    Progress,
    Refused,
    State,
    Status,
)

WITHOUT_A_MOVE = ("started", "paused", "resumed", "retried", "rebuilt")
"""Lines of a history that tell of it without moving the cursor."""
TRIES_ANEW = ("paused", "resumed", "retried")
"""Those of them after which a step that is not parked has all its tries again."""
HOLDS: dict[str, Hold | None] = {"paused": Hold.PAUSED, "resumed": None, "retried": None, "turned_back": None}
"""What a line says of the saga's hold; the others leave it as it is."""


CROSSED = "migrated"
"""The line that tells how a saga went over from one version of its definition to another."""

Earlier = Callable[[int], Saga | None]
"""Finds another version of a definition, or None where there is none any more."""


def no_earlier(version: int) -> Saga | None:
    """Find no other version."""
    return None


def fold(saga: Saga, history: Iterable[Happening], *, earlier: Earlier = no_earlier) -> Progress:
    """
    Return the progress that a saga's history leads to, by replaying it through the engine's moves.

    Where the saga went over from other versions, each part is replayed by its own; a part of a version that `earlier`
    does not find is taken from the line that ends it.

    Raises:
        IllegalMove: the history is not a path the engine could have walked.
    """
    lines = list(history)
    crossed = [line.data for line in lines if line.kind == CROSSED]
    versions = [*(data["from"] for data in crossed), crossed[-1]["to"]] if crossed else [saga.version]
    if versions[-1] != saga.version:
        raise IllegalMove(f"its history ends in version {versions[-1]}, not in {saga.version}")
    known = {version: saga if version == saga.version else earlier(version) for version in versions}
    told = known[versions[0]]
    progress = start(told) if told else None
    for data, part in _parts(lines):
        if data:
            told, progress = known[data["to"]], _gone_over(told, progress, known[data["to"]], data)
        if told and progress:
            progress = _walked(told, progress, part)
    if progress is None:
        raise IllegalMove(f"nothing tells where it came in version {saga.version}")
    return progress


def origin_of(history: Sequence[Happening]) -> dict[str, Any]:
    """Return what a saga is made of: the first line of its history, and what it went over to since."""
    born = dict(history[0].data)
    for line in history:
        if line.kind == CROSSED:
            born |= {"version": line.data["to"], "data": line.data["data"]}
    return born


def _parts(lines: Sequence[Happening]) -> Iterator[tuple[dict[str, Any], list[Happening]]]:
    """Part a history at its crossings: what the crossing that begins a part tells (the first: nothing), its lines."""
    data: dict[str, Any] = {}
    part: list[Happening] = []
    for line in lines:
        if line.kind == CROSSED:
            yield data, part
            data, part = line.data, []
        else:
            part.append(line)
    yield data, part


def arrival(saga: Saga, progress: Progress) -> dict[str, Any]:
    """Return where a saga came by going over, for the line that tells of it."""
    return {
        "status": str(progress.status),
        "step": saga.steps[progress.step].name,
        "direction": str(progress.direction),
        "states": {step.name: str(state) for step, state in zip(saga.steps, progress.states, strict=True)},
        "failures": progress.failures,
        "cause": to_json(progress.cause) if progress.cause else None,
        "waivers": [to_json(one) for one in progress.waivers],
    }


def _gone_over(
    before: Saga | None, progress: Progress | None, after: Saga | None, data: dict[str, Any]
) -> Progress | None:
    """Return where a crossing led; refuse one that left an effect behind, or changed more than the cursor."""
    if after is None:
        return None
    names = [step.name for step in after.steps]
    if set(names) != set(data["states"]):
        raise IllegalMove(f"it went over to steps {', '.join(data['states'])}; version {after.version} has others")
    told = Progress(
        status=Status(data["status"]),
        step=after.index(data["step"]),
        direction=Direction(data["direction"]),
        states=tuple(State(data["states"][name]) for name in names),
        failures=data["failures"],
        cause=Cause(**data["cause"]) if data["cause"] else None,
        waivers=tuple(Waiver(**one) for one in data["waivers"]),
    )
    if before and progress:
        if _unmoved(told) != _unmoved(progress):
            raise IllegalMove(f"going over to version {after.version} changed more than its place")
        if lost := open_effects(before, progress) - {before.steps[progress.step].name} - open_effects(after, told):
            raise IllegalMove(f"going over to version {after.version} left {', '.join(sorted(lost))} without undoing")
    return told


def _unmoved(progress: Progress) -> tuple[object, ...]:
    """Return what no crossing changes."""
    return (progress.status, progress.direction, progress.cause, progress.waivers)


def _walked(saga: Saga, progress: Progress, history: Iterable[Happening]) -> Progress:
    """Return where the lines of one version lead."""
    for happening in history:
        if happening.kind in WITHOUT_A_MOVE:
            progress = _with_tries(progress, happening)
            continue
        told = [i for i, step in enumerate(saga.steps) if step.name == happening.step]
        progress = gone_round(progress, *told) if told else progress
        at = happening.step if happening.kind == "waived" else saga.steps[progress.step].name
        if (at, progress.direction) != (happening.step, happening.direction):
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
    parked = progress.finished or progress.states[progress.step] in SPENT
    return progress if parked or happening.kind not in TRIES_ANEW else replace(progress, failures=0)


def gone_round(progress: Progress, step: int) -> Progress:
    """
    Return the progress with its cursor at `step`, if it may have come there untold; else as it is.

    While nothing but parked compensations is left, it goes round them, and most of their failures are not told.
    """
    parked = [i for i, state in enumerate(progress.states) if state in SET_ASIDE]
    return replace(progress, step=step) if {progress.step, step} <= set(parked) else progress


def _replayed(saga: Saga, progress: Progress, happening: Happening) -> Move:
    data = happening.data
    if happening.kind == "turned_back":
        cause = Cause(step=happening.step, code=data["code"], message=data["message"], details=data["details"])
        return turn_back(saga, progress, cause)
    if happening.kind == "skipped":
        return skip(saga, progress, data["reason"])
    if happening.kind == "waived":
        return waive(saga, progress, Waiver(step=happening.step, **data))
    # Retries are told at powers of two only, so the count comes from the event.
    known = replace(progress, failures=data["failures"] - 1) if "failures" in data else progress
    return advance(saga, known, _outcome_of(happening), jitter=0.0, spent=data.get("spent", False))


def _outcome_of(happening: Happening) -> Outcome:
    data = happening.data
    match happening.kind:
        case "completed" | "compensated" | "waiver_noted":
            return Answered(reply=data["reply"])
        case "skip_noted":
            return LeftOut()
        case "refused":
            return Refused(code=data["code"], message=data["message"], details=data["details"])
        case "failed":
            return Failed(error=data["error"])
        case "unknown":
            return Unknown(error=data["error"])
    raise IllegalMove(f"no saga tells of {happening.kind}")
