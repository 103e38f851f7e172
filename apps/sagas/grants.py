"""
What is granted to people who ask something of a running saga; a refusal is a sentence that says what to do instead.

Each grant gets the saga's row, locked, and takes the saga over as a claim does: a worker that holds it at that moment
finds its lease gone when it settles.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from uuid import uuid4

import msgspec
from django.db import connections, transaction

from apps.core import clock
from apps.core.sql import query

from . import doorbell
from .dead_letters import Letters, resolve, resolve_unreadable
from .definition import Cause, Waiver
from .execution import can_skip, can_turn_back, can_waive, skip, turn_back, waive
from .history import gone_round
from .messages import to_json
from .models import SagaDeadLetter, SagaRequest, SagaTransaction
from .orchestrator import SQL, Claim, claim_of_row, home, lane_of
from .participant import PARTICIPANTS
from .progress import DECIDED, SPENT, Happening, Hold, Move, Progress, State, Status
from .registry import UnknownSaga
from .settlement import Settlement, write

Kind = SagaRequest.Kind
Letter = SagaDeadLetter.State


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """
    What became of a request; `message` is a sentence for whoever asked.

    `waits` says that it is not answered yet: a process that knows the saga's definition will do it.
    """

    granted: bool
    message: str
    waits: bool = False


def refused(message: str) -> Answer:
    return Answer(granted=False, message=message)


def cancel(row: SagaTransaction, request: SagaRequest) -> Answer:
    """Undo a saga that has not passed its pivot; the buyer reads the reason."""
    return _undo(row, request, code="cancelled", message=request.reason, details={})


def force_compensate(row: SagaTransaction, request: SagaRequest) -> Answer:
    """Undo it on an operator's word; the buyer reads the saga's apology, and the reason is for the house."""
    return _undo(row, request, code="force_compensated", message=None, details={"reason": request.reason})


def _undo(
    row: SagaTransaction, request: SagaRequest, *, code: str, message: str | None, details: dict[str, str]
) -> Answer:
    claim = _claim(row)
    if not can_turn_back(claim.saga, claim.progress):
        return refused(not_turned_back(claim))
    step = claim.saga.steps[claim.progress.step].name
    cause = Cause(step=step, code=code, message=message or claim.saga.apology, details=details)
    _take_over(claim, hold=None)
    _write(claim, turn_back(claim.saga, claim.progress, cause), request)
    _let_go(row, claim, request)
    return Answer(granted=True, message="It is being undone.")


def not_turned_back(claim: Claim) -> str:
    """Say why a saga does not turn back, and what there is to do instead."""
    if claim.progress.status is Status.COMPENSATING:
        return "It is being undone already."
    return f"It is past its pivot; it can only be carried on.{after(claim.saga.afterwards)}"


def after(saga: str) -> str:
    return f" What it did is taken back by another saga: start {saga}." if saga else ""


def pause(row: SagaTransaction, request: SagaRequest) -> Answer:
    """Keep everybody off a saga."""
    if row.hold:
        return refused(f"It is held already ({row.hold}).")
    _tell(row, request, "paused", hold=Hold.PAUSED)
    return Answer(granted=True, message="Nobody works on it until it is resumed.")


def resume(row: SagaTransaction, request: SagaRequest) -> Answer:
    """Let a paused saga go on."""
    if row.hold != Hold.PAUSED:
        return refused("It is not paused.")
    _tell(row, request, "resumed", hold=None)
    return Answer(granted=True, message="It is due now.")


def retry(row: SagaTransaction, request: SagaRequest) -> Answer:
    """Try the current step at once, or the parked one that is named."""
    if refusal := not_retried(row):
        return refused(refusal)
    _let_go(row, _tell(row, request, "retried", hold=None), request)
    return Answer(granted=True, message="It is due now.")


def not_retried(row: SagaTransaction) -> str | None:
    """Say why a saga is not retried; None where it is."""
    return "It is paused; resume it." if row.hold == Hold.PAUSED else None


def leave_out(row: SagaTransaction, request: SagaRequest) -> Answer:
    """Leave out the step that a saga stands at, after its pivot, where the business stands without it."""
    claim = _claim(row)
    step = claim.saga.steps[claim.progress.step].name
    if request.step not in (None, step):
        return refused(f"It stands at {step}, not at {request.step}.")
    if not can_skip(claim.saga, claim.progress) or claim.saga.steps[claim.progress.step].critical:
        return refused(not_skipped(claim))
    # What runs in the sagas' own database settles in its own commit, which this request has taken from it.
    local = PARTICIPANTS[lane_of(claim.saga, claim.progress)].database == home()
    wait_seconds = 0.0 if local else _lease_left(row)
    move = replace(skip(claim.saga, claim.progress, request.reason), delay_seconds=wait_seconds)
    _take_over(claim, hold=row.hold)
    _write(claim, move, request)
    resolve(Letters(saga_id=row.id, step=step), actor=request.actor, reason=request.reason)
    return Answer(granted=True, message=f"{step} is left out, unless it is done already; its participant notes it.")


def not_skipped(claim: Claim) -> str:
    """Say why a step is not left out, and what there is to do instead."""
    progress, step = claim.progress, claim.saga.steps[claim.progress.step]
    if progress.status is Status.COMPENSATING:
        return (
            "It is being undone; a compensation that cannot succeed is waived by two people once its tries are spent."
        )
    if progress.step <= claim.saga.pivot:
        return "It has not passed its pivot: undo it by cancel, or force_compensate."
    if progress.states[progress.step] in DECIDED:
        word = "given up" if progress.states[progress.step] is State.WAIVING else "left out"
        return f"{step.name} is {word} already; retry, so that its participant notes it."
    return (
        f"{step.name} is critical: what was promised does not stand without it. Mend the cause and retry; "
        "once its tries are spent, two people may waive it."
    )


def give_up(row: SagaTransaction, request: SagaRequest) -> Answer:
    """Give up a parked step: whoever asks first proposes it, and another person approves."""
    claim = _claim(row)
    step = request.step or _parked_step(claim)
    if step is None:
        parked = ", ".join(_parked_steps(claim))
        return refused(f"Name the step: {parked} are parked." if parked else "No step of it has spent its tries.")
    if not can_waive(claim.saga, claim.progress, step):
        return refused(f"{step} is not parked: only a step whose tries are spent is given up.")
    letter = _open_letter(row, step)
    if letter is None:
        return refused(f"{step} has no open dead letter; retry it first.")
    if letter.proposed_by is None:
        return _propose(letter, request)
    if same_person(letter.proposed_by, request.actor):
        return refused("You proposed it yourself; another person must approve.")
    return _approve(row, claim, letter, request)


def same_person(one: str, other: str) -> bool:
    return one.strip().casefold() == other.strip().casefold()


def _parked_steps(claim: Claim) -> list[str]:
    return [step.name for step in claim.saga.steps if can_waive(claim.saga, claim.progress, step.name)]


def _parked_step(claim: Claim) -> str | None:
    parked = _parked_steps(claim)
    return parked[0] if len(parked) == 1 else None


def _open_letter(row: SagaTransaction, step: str) -> SagaDeadLetter | None:
    letters = SagaDeadLetter.objects.select_for_update()
    return letters.filter(saga_id=row.id, step=step, direction=row.direction, state=Letter.OPEN).first()


def _propose(letter: SagaDeadLetter, request: SagaRequest) -> Answer:
    letter.proposed_by, letter.proposed_at, letter.reason = request.actor, clock.now(), request.reason
    letter.save(update_fields=["proposed_by", "proposed_at", "reason"])
    return Answer(granted=True, message=f"Giving up {letter.step} is proposed; another person must approve it.")


def _approve(row: SagaTransaction, claim: Claim, letter: SagaDeadLetter, request: SagaRequest) -> Answer:
    waiver = Waiver(
        step=letter.step,
        proposed_by=letter.proposed_by or "",
        approved_by=request.actor,
        reason=letter.reason or "",
    )
    move = waive(claim.saga, claim.progress, waiver)
    noted = move.progress.states[claim.saga.index(letter.step)] is State.WAIVED
    # As with what is left out: whoever holds the saga may be about to do it.
    wait_seconds = 0.0 if noted else _lease_left(row)
    _take_over(claim, hold=row.hold, waivers=[to_json(one) for one in move.progress.waivers])
    _write(claim, replace(move, delay_seconds=wait_seconds), request)
    SagaDeadLetter.objects.filter(id=letter.id).update(
        state=Letter.WAIVED,
        resolved_at=clock.now(),
        resolved_by=waiver.proposed_by,
        approved_by=waiver.approved_by,
        next_try_at=None,
    )
    return Answer(
        granted=True, message=f"{letter.step} is given up{'' if noted else ', and its participant notes it'}."
    )


def _lease_left(row: SagaTransaction) -> float:
    """
    Return for how many seconds a worker may still hold a saga, by the database's clock; 0 where none does.

    Only then is the participant asked to note what people decided: until then the worker may be at the very step.
    """
    with connections[home()].cursor() as cursor:
        cursor.execute(query(SQL, "lease_left"), [row.id])
        (seconds,) = cursor.fetchone()
    return float(seconds)


def _claim(row: SagaTransaction) -> Claim:
    return claim_of_row(row, uuid4())


def _take_over(claim: Claim, **changed: object) -> None:
    """Lease a locked saga to this request, whoever had it."""
    SagaTransaction.objects.filter(id=claim.saga_id).update(lease=claim.lease, **changed)


def _let_go(row: SagaTransaction, claim: Claim, request: SagaRequest) -> None:
    """Close the dead letter of a saga that was held because nobody could read it."""
    if row.hold == Hold.DEAD_LETTER:
        resolve_unreadable(row.id, claim.saga, claim.progress, actor=request.actor, reason=request.reason)


def _tell(row: SagaTransaction, request: SagaRequest, kind: str, *, hold: Hold | None) -> Claim:
    """Note a request that moves nothing on. It is due at once; a parked step gets one try, not all anew."""
    claim = _claim(row)
    progress = _turned_to(claim, request.step)
    told = Happening(
        kind=kind,
        step=claim.saga.steps[progress.step].name,
        direction=progress.direction,
        data={"reason": request.reason},
    )
    parked = progress.states[progress.step] in SPENT
    following = progress if parked else replace(progress, failures=0)
    _take_over(claim, hold=hold)
    _write(claim, Move(progress=following, happenings=(told,), error=row.error), request)
    return claim


def _turned_to(claim: Claim, step: str | None) -> Progress:
    """Return the progress with its cursor at the parked compensation that is named, if it goes round those."""
    there = [i for i, one in enumerate(claim.saga.steps) if one.name == step]
    return gone_round(claim.progress, *there) if there else claim.progress


def _write(claim: Claim, move: Move, request: SagaRequest) -> None:
    settlement = Settlement(claim=claim, progress=claim.progress).then(move)
    write([settlement], actor=request.actor)
    transaction.on_commit(lambda: doorbell.ring([settlement.lane]), using=home())


def offered(row: SagaTransaction) -> frozenset[str]:
    """
    Return the kinds of requests that would be granted as a saga stands; none where this process cannot read it.

    It only says what is worth a button: whoever asks gets the real answer, under lock.
    """
    if row.finished_at:
        return frozenset()
    try:
        claim = _claim(row)
    except (UnknownSaga, msgspec.ValidationError, ValueError):
        return frozenset()
    saga, progress = claim.saga, claim.progress
    wanted = {
        Kind.CANCEL: can_turn_back(saga, progress),
        Kind.FORCE_COMPENSATE: can_turn_back(saga, progress),
        Kind.PAUSE: row.hold is None,
        Kind.RESUME: row.hold == Hold.PAUSED,
        Kind.RETRY: not_retried(row) is None,
        Kind.SKIP: can_skip(saga, progress) and not saga.steps[progress.step].critical,
        Kind.WAIVE: bool(_parked_steps(claim)),
    }
    return frozenset(str(kind) for kind, granted in wanted.items() if granted)


GRANTS: dict[str, Callable[[SagaTransaction, SagaRequest], Answer]] = {
    Kind.CANCEL: cancel,
    Kind.PAUSE: pause,
    Kind.RESUME: resume,
    Kind.RETRY: retry,
    Kind.SKIP: leave_out,
    Kind.FORCE_COMPENSATE: force_compensate,
    Kind.WAIVE: give_up,
}
