"""
Where the cursor of a saga goes: on, back, and round what is set aside. Pure: no Django.

What makes it go is in execution.py.
"""

from dataclasses import replace

from .definition import Cause, Saga
from .messages import Direction
from .progress import CLOSED, SET_ASIDE, Progress, State, Status


def marked(progress: Progress, state: State) -> Progress:
    """Return the progress with the step under the cursor in a state."""
    states = (*progress.states[: progress.step], state, *progress.states[progress.step + 1 :])
    return replace(progress, states=states)


def next_step(progress: Progress, state: State) -> Progress:
    """Leave the step under the cursor in a state for good, and go on; after the last one the saga is completed."""
    done = replace(marked(progress, state), failures=0, failing_seconds=0.0)
    if done.step + 1 == len(done.states):
        return replace(done, status=Status.COMPLETED)
    return marked(replace(done, step=done.step + 1), State.READY)


def reaching(saga: Saga, progress: Progress) -> Progress:
    """
    Move the cursor to the last step that may have run although no answer was settled.

    Steps of one participant that follow each other run in one transaction, so a worker that died after its commit may
    have run them all while the cursor still stands at the first.
    """
    reached = progress
    for step in range(progress.step + 1, saga.pivot):
        if saga.steps[step].participant(Direction.FORWARD) != saga.steps[progress.step].participant(Direction.FORWARD):
            break
        reached = marked(replace(reached, step=step), State.UNKNOWN)
    return reached


def compensating(saga: Saga, progress: Progress, cause: Cause) -> Progress:
    """Turn a saga round where it stands."""
    states = tuple(State.SKIPPED if state is State.PENDING else state for state in progress.states)
    turned = replace(progress, status=Status.COMPENSATING, direction=Direction.BACKWARD, states=states, cause=cause)
    if saga.steps[turned.step].undo is None:
        turned = marked(turned, State.FAILED)
    return next_compensation(saga, turned)


def next_compensation(saga: Saga, progress: Progress) -> Progress:
    """
    Move the cursor to the next effect to undo: the latest one that still stands, parked ones last.

    The effect that stood before the saga is its semantic lock; it is undone when everything else is.
    """
    parked = [i for i, state in enumerate(progress.states) if state in SET_ASIDE]
    standing = [
        i
        for i, (step, state) in enumerate(zip(saga.steps, progress.states, strict=True))
        if step.undo and state not in CLOSED and i not in parked and not (parked and step.do is None)
    ]
    if standing:
        fresh = replace(progress, step=max(standing), failures=0, failing_seconds=0.0)
        return marked(fresh, State.COMP_READY)
    if parked:
        return _going_round(saga, progress, parked)
    return replace(progress, status=Status.FAILED, failures=0, failing_seconds=0.0)


def _going_round(saga: Saga, progress: Progress, parked: list[int]) -> Progress:
    """
    Move the cursor to the next parked compensation, the latest first.

    `failures` is then the number of rounds, so each of them is told of at powers of two, as if it stood alone.
    """
    below = [i for i in parked if i < progress.step]
    step = max(below or parked)
    in_this_round = bool(below) and progress.step in parked
    rounds = progress.failures - 1 if in_this_round else progress.failures
    return replace(progress, step=step, failures=max(rounds, saga.steps[step].undo_retry.attempts))
