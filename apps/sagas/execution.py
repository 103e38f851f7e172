"""
The engine's moves, as functions of what is known. Pure: no Django, no clock, no database.

`start` gives the first Progress of a saga, `advance` the next one after an outcome; `turn_back`, `skip` and `waive` the
one after what people ask: to undo it, to leave a step out, to give one up. Whatever the last outcome said, compensation
starts at the step under the cursor: a request that was declined, or never answered, may still land. Where no answer is
known, it starts at the last step that may have run with it.
"""

from dataclasses import replace

from .cursor import compensating, marked, next_compensation, next_step, reaching
from .definition import Cause, Kind, Saga, Waiver
from .failures import Failure, backoff, failure_of, patience, silence_told, technical_cause
from .messages import Direction, Unknown
from .progress import (
    CLOSED,
    DECIDED,
    SET_ASIDE,
    SPENT,
    Answered,
    Happening,
    IllegalMove,
    LeftOut,
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
    return len(open_effects(saga, progress))


def open_effects(saga: Saga, progress: Progress) -> set[str]:
    """Return the names of the steps that have an effect that may stand and can be undone."""
    return {
        step.name
        for step, state in zip(saga.steps, progress.states, strict=True)
        if step.undo is not None and state not in CLOSED
    }


def advance(saga: Saga, progress: Progress, outcome: Outcome, *, jitter: float, spent: bool = False) -> Move:
    """
    Return what an outcome of the step under the cursor does to a saga.

    `jitter`, from 0 to 1, spreads retries: full jitter over the policy's delay. `spent` says of a failure that it used
    the tries up, whatever the policy makes of it now: so a history tells of a limit of time.

    Raises:
        IllegalMove: the saga has ended already, or nobody asked to leave out what its participant left out.
    """
    if progress.finished:
        raise IllegalMove(f"{saga.name} has ended as {progress.status}; nothing moves it")
    if isinstance(outcome, Postponed) and not (outcome.asked and progress.states[progress.step] in SPENT):
        return _postpone(saga, progress, outcome, jitter)
    if isinstance(outcome, LeftOut):
        return _left_out(saga, progress)
    if progress.direction is Direction.FORWARD:
        return _advance_forward(saga, progress, outcome, jitter, spent)
    return _advance_backward(saga, progress, outcome, jitter, spent)


def _postpone(saga: Saga, progress: Progress, outcome: Postponed, jitter: float) -> Move:
    """Leave a saga where it is; that its outcome became unknown is told once."""
    delay = outcome.seconds * (0.5 + jitter / 2)
    if not outcome.asked or progress.states[progress.step] is not State.READY:
        return Move(progress=progress, delay_seconds=delay, error=outcome.error)
    told = silence_told(saga, progress, outcome)
    return Move(progress=marked(progress, State.UNKNOWN), happenings=(told,), delay_seconds=delay, error=outcome.error)


def _advance_forward(saga: Saga, progress: Progress, outcome: Outcome, jitter: float, spent: bool) -> Move:
    step = saga.steps[progress.step]
    if isinstance(outcome, Answered):
        kind, state, freed = ENDS.get(progress.states[progress.step], ("completed", State.COMPLETED, False))
        told = Happening(kind=kind, step=step.name, direction=Direction.FORWARD, data={"reply": outcome.reply})
        return Move(progress=next_step(progress, state), happenings=(told,), freed=freed)
    if isinstance(outcome, Refused) and step.kind is not Kind.RETRIABLE:
        data = {"code": outcome.code, "message": outcome.message, "details": outcome.details}
        told = Happening(kind="refused", step=step.name, direction=Direction.FORWARD, data=data)
        cause = Cause(step=step.name, code=outcome.code, message=outcome.message, details=outcome.details)
        refused = marked(progress, State.FAILED)
        return Move(progress=compensating(saga, refused, cause), happenings=(told,))
    return _retry_forward(saga, progress, outcome, jitter, spent)


def _left_out(saga: Saga, progress: Progress) -> Move:
    step = saga.steps[progress.step].name
    if progress.states[progress.step] is not State.SKIPPING:
        raise IllegalMove(f"{saga.name}: nobody left out {step}, which is {progress.states[progress.step]}")
    told = Happening(kind="skip_noted", step=step, direction=Direction.FORWARD)
    return Move(progress=next_step(progress, State.SKIPPED), happenings=(told,), freed=True)


def _retry_forward(saga: Saga, progress: Progress, outcome: Outcome, jitter: float, spent: bool) -> Move:
    step, failure = saga.steps[progress.step], failure_of(saga, progress, outcome, spent)
    if failure.spent and step.kind is not Kind.RETRIABLE:
        cause = technical_cause(saga, step, outcome)
        turned = compensating(saga, reaching(saga, progress), cause)
        return Move(progress=turned, happenings=failure.told(decisive=True), error=failure.error)
    state = _waiting_state(progress, outcome, failure)
    waiting = replace(marked(progress, state), failures=failure.number)
    return Move(
        progress=waiting,
        happenings=failure.told(decisive=state is not progress.states[progress.step]),
        delay_seconds=backoff(step.retry, failure.weight, jitter),
        error=failure.error,
        parked=failure.spent,
        failures=failure.number,
    )


def _waiting_state(progress: Progress, outcome: Outcome, failure: Failure) -> State:
    """What was unknown once stays so until the outside world has answered: a failure to ask it is no answer."""
    if progress.states[progress.step] in DECIDED:
        return progress.states[progress.step]
    if failure.spent:
        return State.PARKED
    unknown = isinstance(outcome, Unknown) or progress.states[progress.step] is State.UNKNOWN
    return State.UNKNOWN if unknown else State.READY


def _advance_backward(saga: Saga, progress: Progress, outcome: Outcome, jitter: float, spent: bool) -> Move:
    step, current = saga.steps[progress.step], progress.states[progress.step]
    if isinstance(outcome, Answered):
        kind, state, freed = ENDS.get(current, ("compensated", State.COMPENSATED, False))
        told = Happening(kind=kind, step=step.name, direction=Direction.BACKWARD, data={"reply": outcome.reply})
        following = next_compensation(saga, marked(progress, state))
        delay = patience(saga, following, jitter)
        return Move(progress=following, happenings=(told,), freed=freed, delay_seconds=delay)
    failure = failure_of(saga, progress, outcome, spent)
    failed = replace(progress, failures=failure.number)
    if not failure.spent:
        delay = backoff(step.undo_retry, failure.number, jitter)
        return Move(progress=failed, happenings=failure.told(), delay_seconds=delay, error=failure.error)
    aside = current in SET_ASIDE
    following = next_compensation(saga, failed if aside else marked(failed, State.COMP_PARKED))
    return Move(
        progress=following,
        happenings=failure.told(decisive=not aside),
        delay_seconds=patience(saga, following, jitter),
        error=failure.error,
        parked=True,
        failures=failure.number,
    )


ENDS = {
    State.PARKED: ("completed", State.COMPLETED, True),
    # It had been done before its participant heard that it is left out.
    State.SKIPPING: ("completed", State.COMPLETED, True),
    State.COMP_PARKED: ("compensated", State.COMPENSATED, True),
    State.WAIVING: ("waiver_noted", State.WAIVED, True),
}
"""How a step ends that is answered after its tries were spent: the word of it, its last state, a dead letter closed."""


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
    return Move(progress=compensating(saga, reaching(saga, progress), cause), happenings=(told,))


def can_skip(saga: Saga, progress: Progress) -> bool:
    """Whether the step under the cursor can be left out: it comes after the pivot, and nobody has done with it yet."""
    running = progress.status is Status.ACTIVE and progress.states[progress.step] not in DECIDED
    return running and saga.steps[progress.step].kind is Kind.RETRIABLE


def skip(saga: Saga, progress: Progress, reason: str) -> Move:
    """
    Return what a request to leave out the step under the cursor does to a saga.

    It stays there until the participant has noted it, or says that the step is done already.

    Whether the business stands without the step is for whoever grants it: of a released saga that may change.

    Raises:
        IllegalMove: the step is none that can be left out.
    """
    step = saga.steps[progress.step].name
    if not can_skip(saga, progress):
        raise IllegalMove(
            f"{saga.name} cannot skip {step}: it is {progress.status} and {progress.states[progress.step]}"
        )
    told = Happening(kind="skipped", step=step, direction=Direction.FORWARD, data={"reason": reason})
    decided = replace(progress, failures=0, failing_seconds=0.0)
    return Move(progress=marked(decided, State.SKIPPING), happenings=(told,))


def can_waive(saga: Saga, progress: Progress, step: str) -> bool:
    """Whether a step can be given up by two people: its tries are spent, and it is not done."""
    states = {one.name: state for one, state in zip(saga.steps, progress.states, strict=True)}
    return not progress.finished and states.get(step) in (State.PARKED, State.COMP_PARKED)


def waive(saga: Saga, progress: Progress, waiver: Waiver) -> Move:
    """
    Return what it does to a saga that two people give up one of its parked steps.

    Where the participant has to note that, the cursor goes there, and the step stays open until it has.

    Raises:
        IllegalMove: the step is not parked, or the two people are one.
    """
    if not can_waive(saga, progress, waiver.step) or waiver.proposed_by == waiver.approved_by:
        raise IllegalMove(f"{saga.name} cannot waive {waiver.step} for {waiver.proposed_by} and {waiver.approved_by}")
    data = {"proposed_by": waiver.proposed_by, "approved_by": waiver.approved_by, "reason": waiver.reason}
    told = Happening(kind="waived", step=waiver.step, direction=progress.direction, data=data)
    decided = replace(progress, waivers=(*progress.waivers, waiver))
    return Move(progress=_given_up(saga, decided, saga.index(waiver.step)), happenings=(told,))


def _given_up(saga: Saga, progress: Progress, step: int) -> Progress:
    there = replace(progress, step=step, failures=0, failing_seconds=0.0)
    if saga.steps[step].waive is not None:
        return marked(there, State.WAIVING)
    if progress.direction is Direction.FORWARD:
        return next_step(there, State.WAIVED)
    closed = replace(progress, states=marked(there, State.WAIVED).states)
    return closed if closed.states[closed.step] is State.COMP_READY else next_compensation(saga, closed)
