"""
What people ask in the model: to undo, to leave a step out, to give one up, the last by one and another.

`broken` names a protection that is taken away.
"""

from collections.abc import Iterator
from dataclasses import replace

from apps.sagas.definition import Cause, Waiver
from apps.sagas.execution import advance, can_skip, can_turn_back, can_waive, skip, turn_back, waive
from apps.sagas.messages import Direction
from apps.sagas.progress import Progress, State

from .parts import OUTCOMES, PAY, SAGA, SELL, YES, World

CANCELLED = Cause(step="", code="cancelled", message="Cancelled.")
GIVEN_UP = ("pay", "sell")
"""The steps that people give up in the model."""


def asked(world: World, broken: str) -> Iterator[tuple[str, World, Progress]]:
    """Yield what may be granted now: a name for it, the world, and where the saga stands then."""
    progress = world.progress
    if can_turn_back(SAGA, progress):
        yield "is cancelled or forced", world, turn_back(SAGA, progress, CANCELLED).progress
    if can_skip(SAGA, progress):
        yield "skips", world, skip(SAGA, progress, "Because.").progress
    elif broken == "skip anything" and progress.direction is Direction.FORWARD and not progress.finished:
        moved = advance(SAGA, progress, OUTCOMES[YES], jitter=0.0).progress
        yield "skips", world, _with(moved, progress.step, State.SKIPPED)
    for step in GIVEN_UP:
        if can_waive(SAGA, progress, step):
            yield from _given_up(world, step, broken)


def _given_up(world: World, step: str, broken: str) -> Iterator[tuple[str, World, Progress]]:
    if not world.proposed:
        yield f"somebody proposes to give up {step}", world._replace(proposed=True), world.progress
    else:
        decided = waive(SAGA, world.progress, _waiver(step)).progress
        if broken == "nobody hears" and step == "pay":
            decided = _closed(world.progress)
        yield f"another gives up {step}", world._replace(proposed=False), decided
        if broken == "one person":
            yield f"the same one gives up {step}", world._replace(proposed=False, alone=True), decided


def _waiver(step: str) -> Waiver:
    return Waiver(step=step, proposed_by="ines", approved_by="omar", reason="Because.")


def _closed(progress: Progress) -> Progress:
    """Give the payment up as if nobody had to hear of it."""
    noted = advance(SAGA, waive(SAGA, progress, _waiver("pay")).progress, OUTCOMES[YES], jitter=0.0)
    return noted.progress


def _with(progress: Progress, step: int, state: State) -> Progress:
    return replace(progress, states=(*progress.states[:step], state, *progress.states[step + 1 :]))


def still_proposed(world: World, progress: Progress) -> bool:
    """Whether a proposal stands: its dead letter is open as long as the step is parked."""
    parked = progress.states[PAY] is State.COMP_PARKED or progress.states[SELL] is State.PARKED
    return world.proposed and parked
