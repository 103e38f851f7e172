"""A saga as a picture: its declaration, or where one saga stands in it, as Mermaid or as text."""

from collections.abc import Sequence
from itertools import pairwise

from .definition import Saga
from .messages import Direction
from .progress import State

GLYPHS = {
    State.PENDING: "·",
    State.READY: "▶",
    State.UNKNOWN: "?",
    State.PARKED: "!",
    State.COMPLETED: "✔",
    State.FAILED: "✘",
    State.COMP_READY: "◀",
    State.COMP_PARKED: "!",
    State.COMPENSATED: "↺",
    State.WAIVING: "!",
    State.WAIVED: "~",
    State.SKIPPING: "!",
    State.SKIPPED: "-",
}


def as_mermaid(saga: Saga, states: Sequence[State] | None = None) -> str:
    """Return a Mermaid flowchart: steps downwards, compensations beside them; with `states`, each step's word."""
    lines = ["flowchart TD"]
    for i, step in enumerate(saga.steps):
        word = f"<br/>{states[i]}" if states else ""
        lines.append(f'    {step.name}["{step.name}<br/>{step.kind}{word}"]')
        if step.undo:
            lines.append(f'    {step.name} -. undo .-> undo_{step.name}("{step.undo.__name__}")')
    names = [step.name for step in saga.steps]
    lines += [f"    {one} --> {other}" for one, other in pairwise(names)]
    return "\n".join(lines)


def as_rows(saga: Saga, states: Sequence[State] | None = None) -> list[tuple[str, str, str, str, str]]:
    """Return a line a step: mark, step, kind, participant, compensation; the mark is empty without `states`."""
    return [
        (
            GLYPHS[states[i]] if states else "",
            step.name,
            str(step.kind),
            step.participant(Direction.FORWARD if step.do else Direction.BACKWARD),
            step.undo.__name__ if step.undo else "",
        )
        for i, step in enumerate(saga.steps)
    ]
