"""
The engine's moves, as functions of what is known. Pure: no Django, no clock, no database.

`start` gives the first Progress of a saga, `advance` the next one after an outcome, `turn_back` the one after a request
to undo. Whatever the last outcome said, compensation starts at the step under the cursor: a request that was declined,
or never answered, may still land. Where no answer is known, it starts at the last step that may have run with it.
"""

from dataclasses import replace

from .definition import Cause, Kind, Retry, Saga, Step
from .messages import Direction, Unknown
from .progress import (
    CLOSED,
    Answered,
    Happening,
    IllegalMove,
    Move,
    Outcome,
    Postponed,
    Progress,
    Refused,
    State,
    Status,
)


def start(saga: Saga) -> Progress:
    """Return the progress of a saga just started: what has nothing to do is done, the first other step is ready."""
    first = next(i for i, step in enumerate(saga.steps) if step.do is not None)
    states = [State.COMPLETED] * first + [State.READY] + [State.PENDING] * (len(saga.steps) - first - 1)
    return Progress(status=Status.ACTIVE, step=first, direction=Direction.FORWARD, states=tuple(states))


def effects_open(saga: Saga, progress: Progress) -> int:
    """Return how many steps have an effect that may stand and can be undone."""
    return sum(
        1
        for step, state in zip(saga.steps, progress.states, strict=True)
        if step.undo is not None and state not in CLOSED
    )


def advance(saga: Saga, progress: Progress, outcome: Outcome, *, jitter: float) -> Move:
    """
    Return what an outcome of the step under the cursor does to a saga.

    `jitter`, from 0 to 1, spreads retries: full jitter over the policy's delay.

    Raises:
        IllegalMove: the saga has ended already.
    """
    if progress.finished:
        raise IllegalMove(f"{saga.name} has ended as {progress.status}; nothing moves it")
    if isinstance(outcome, Postponed):
        return Move(progress=progress, delay_seconds=outcome.seconds * (0.5 + jitter / 2), error=outcome.error)
    if progress.direction is Direction.FORWARD:
        return _advance_forward(saga, progress, outcome, jitter)
    return _advance_backward(saga, progress, outcome, jitter)


def _advance_forward(saga: Saga, progress: Progress, outcome: Outcome, jitter: float) -> Move:
    step = saga.steps[progress.step]
    if isinstance(outcome, Answered):
        told = Happening(kind="completed", step=step.name, direction=Direction.FORWARD, data={"reply": outcome.reply})
        freed = progress.states[progress.step] is State.PARKED
        return Move(progress=_next_step(progress), happenings=(told,), freed=freed)
    if isinstance(outcome, Refused) and step.kind is not Kind.RETRIABLE:
        data = {"code": outcome.code, "message": outcome.message, "details": outcome.details}
        told = Happening(kind="refused", step=step.name, direction=Direction.FORWARD, data=data)
        cause = Cause(step=step.name, code=outcome.code, message=outcome.message, details=outcome.details)
        refused = _marked(progress, State.FAILED)
        return Move(progress=_compensating(saga, refused, cause), happenings=(told,))
    return _retry_forward(saga, progress, outcome, jitter)


def _retry_forward(saga: Saga, progress: Progress, outcome: Outcome, jitter: float) -> Move:
    step, failures, error = saga.steps[progress.step], progress.failures + 1, _error_of(outcome)
    spent = failures >= step.retry.attempts
    happenings = _told_failure(step, progress, outcome, failures, decisive=failures == step.retry.attempts)
    if spent and step.kind is not Kind.RETRIABLE:
        cause = _technical_cause(saga, step, outcome)
        turned = _compensating(saga, _reaching(saga, progress), cause)
        return Move(progress=turned, happenings=happenings, error=error)
    state = State.PARKED if spent else State.UNKNOWN if isinstance(outcome, Unknown) else State.READY
    waiting = replace(_marked(progress, state), failures=failures)
    delay = backoff(step.retry, failures, jitter)
    return Move(progress=waiting, happenings=happenings, delay_seconds=delay, error=error, parked=spent)


def _advance_backward(saga: Saga, progress: Progress, outcome: Outcome, jitter: float) -> Move:
    step, parked = saga.steps[progress.step], progress.states[progress.step] is State.COMP_PARKED
    if isinstance(outcome, Answered):
        data = {"reply": outcome.reply}
        told = Happening(kind="compensated", step=step.name, direction=Direction.BACKWARD, data=data)
        following = _next_compensation(saga, _marked(progress, State.COMPENSATED))
        delay = _patience(saga, following, jitter)
        return Move(progress=following, happenings=(told,), freed=parked, delay_seconds=delay)
    failures, error = progress.failures + 1, _error_of(outcome)
    if failures < step.undo_retry.attempts:
        happenings = _told_failure(step, progress, outcome, failures)
        delay = backoff(step.undo_retry, failures, jitter)
        waiting = replace(progress, failures=failures)
        return Move(progress=waiting, happenings=happenings, delay_seconds=delay, error=error)
    following = _next_compensation(saga, _marked(replace(progress, failures=failures), State.COMP_PARKED))
    happenings = _told_failure(step, progress, outcome, failures, decisive=following.step != progress.step)
    delay = _patience(saga, following, jitter)
    return Move(progress=following, happenings=happenings, delay_seconds=delay, error=error, parked=True)


def can_turn_back(saga: Saga, progress: Progress) -> bool:
    """Whether a saga can still be undone: it is active, and its pivot is not behind it."""
    return progress.status is Status.ACTIVE and progress.step <= saga.pivot


def turn_back(saga: Saga, progress: Progress, cause: Cause) -> Move:
    """
    Return what a request to undo does to a saga that has not passed its pivot.

    Raises:
        IllegalMove: the saga is not active, or its pivot is behind it.
    """
    if not can_turn_back(saga, progress):
        raise IllegalMove(f"{saga.name} cannot turn back: it is {progress.status} at step {progress.step}")
    data = {"code": cause.code, "message": cause.message, "details": cause.details}
    step = saga.steps[progress.step].name
    told = Happening(kind="turned_back", step=step, direction=Direction.FORWARD, data=data)
    return Move(progress=_compensating(saga, _reaching(saga, progress), cause), happenings=(told,))


def backoff(retry: Retry, failures: int, jitter: float) -> float:
    """Return the seconds to wait after that many failures: full jitter (Brooker, AWS Architecture Blog, 2015)."""
    return jitter * min(retry.cap_seconds, retry.base_seconds * 2.0 ** min(failures - 1, 30))


def _error_of(outcome: Outcome) -> str:
    error = f"{outcome.code}: {outcome.message}" if isinstance(outcome, Refused) else getattr(outcome, "error", "")
    # No database stores a NUL, and what the outside world says may hold one.
    return error.replace("\0", "")


def _told_failure(
    step: Step, progress: Progress, outcome: Outcome, failures: int, *, decisive: bool = False
) -> tuple[Happening, ...]:
    """Tell the first five failures of a step, the decisive ones, and each power of two: history stays bounded."""
    if failures > 5 and not decisive and failures & (failures - 1):
        return ()
    kind = "unknown" if isinstance(outcome, Unknown) else "failed"
    data = {"error": _error_of(outcome), "failures": failures}
    return (Happening(kind=kind, step=step.name, direction=progress.direction, data=data),)


def _technical_cause(saga: Saga, step: Step, outcome: Outcome) -> Cause:
    unknown = isinstance(outcome, Unknown)
    return Cause(
        step=step.name,
        code="outcome_unknown" if unknown else "technical_failure",
        message=saga.apology,
        details={"error": _error_of(outcome)},
    )


def _marked(progress: Progress, state: State) -> Progress:
    states = (*progress.states[: progress.step], state, *progress.states[progress.step + 1 :])
    return replace(progress, states=states)


def _next_step(progress: Progress) -> Progress:
    done = replace(_marked(progress, State.COMPLETED), failures=0)
    if done.step + 1 == len(done.states):
        return replace(done, status=Status.COMPLETED)
    return _marked(replace(done, step=done.step + 1), State.READY)


def _reaching(saga: Saga, progress: Progress) -> Progress:
    """
    Move the cursor to the last step that may have run although no answer was settled.

    Steps of one participant that follow each other run in one transaction, so a worker that died after its commit may
    have run them all while the cursor still stands at the first.
    """
    reached = progress
    for step in range(progress.step + 1, saga.pivot):
        if saga.steps[step].participant(Direction.FORWARD) != saga.steps[progress.step].participant(Direction.FORWARD):
            break
        reached = _marked(replace(reached, step=step), State.UNKNOWN)
    return reached


def _compensating(saga: Saga, progress: Progress, cause: Cause) -> Progress:
    states = tuple(State.SKIPPED if state is State.PENDING else state for state in progress.states)
    turned = replace(progress, status=Status.COMPENSATING, direction=Direction.BACKWARD, states=states, cause=cause)
    if saga.steps[turned.step].undo is None:
        turned = _marked(turned, State.FAILED)
    return _next_compensation(saga, turned)


def _next_compensation(saga: Saga, progress: Progress) -> Progress:
    """
    Move the cursor to the next effect to undo: the latest one that still stands, parked ones last.

    The effect that stood before the saga is its semantic lock; it is undone when everything else is.
    """
    parked = [i for i, state in enumerate(progress.states) if state is State.COMP_PARKED]
    standing = [
        i
        for i, (step, state) in enumerate(zip(saga.steps, progress.states, strict=True))
        if step.undo and state not in CLOSED and i not in parked and not (parked and step.do is None)
    ]
    if standing:
        return _marked(replace(progress, step=max(standing), failures=0), State.COMP_READY)
    if parked:
        below = [i for i in parked if i < progress.step]
        step = max(below or parked)
        failures = progress.failures if step == progress.step else saga.steps[step].undo_retry.attempts
        return replace(progress, step=step, failures=failures)
    return replace(progress, status=Status.FAILED, failures=0)


def _patience(saga: Saga, progress: Progress, jitter: float) -> float:
    if progress.finished or progress.states[progress.step] is not State.COMP_PARKED:
        return 0.0
    retry = saga.steps[progress.step].undo_retry
    return (0.5 + jitter / 2) * retry.cap_seconds
