"""
What people ask of a running saga: cancel, pause, resume, retry.

A request is written first and answered in a transaction of its own, so it is never lost and answered once. Answering
takes the saga over as a claim does: a worker that holds it at that moment finds its lease gone when it settles, and
what it did meanwhile is found by its inbox entry, its tombstone or the gateway's fence. So a cancellation that races
with a confirmation is decided by one row.
"""

from dataclasses import dataclass, replace
from uuid import UUID, uuid4

import msgspec
from django.db import transaction

from apps.core import clock
from apps.core.exceptions import DomainError
from apps.core.ids import new_id

from . import doorbell
from .definition import Cause
from .execution import can_turn_back, turn_back
from .models import SagaDeadLetter, SagaRequest, SagaTransaction
from .orchestrator import Claim, claim_of_row, home
from .progress import Happening, Hold, Move, State
from .registry import UnknownSaga
from .selectors import SagaNotFound, find_row
from .settlement import Settlement, write

Kind = SagaRequest.Kind
ANSWERED_A_TURN = 100


class RequestRefused(DomainError):
    """The saga cannot do what was asked, as it stands; nothing changed but the record of the request."""

    code = "saga_request_refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What became of a request; `message` is a sentence for whoever asked."""

    granted: bool
    message: str


def ask(*, saga_id: UUID, kind: str, actor: str, reason: str, idempotency_key: str | None = None) -> Answer:
    """
    Ask something of a saga, and have it answered at once.

    Args:
        kind: one of cancel, pause, resume, retry.
        actor: who asks, as the history shall name them.
        reason: why; for a cancellation it is what the buyer reads.
        idempotency_key: the same key again gets the first answer, and asks nothing.

    Returns:
        The answer; a refusal is one too, and is kept like the others.

    Raises:
        SagaNotFound: no saga has this id; nothing is written.
    """
    if find_row(saga_id) is None:
        raise SagaNotFound(f"no saga has the id {saga_id}")
    request, _ = SagaRequest.objects.get_or_create(
        idempotency_key=idempotency_key or str(new_id()),
        defaults={"saga_id": saga_id, "kind": Kind(kind), "actor": actor, "reason": reason},
    )
    return answer(request.id)


def answer_open_requests() -> int:
    """Answer requests whose asker died before the answer, the oldest first; return how many."""
    waiting = SagaRequest.objects.filter(consumed_at__isnull=True).order_by("created_at")
    request_ids = list(waiting.values_list("id", flat=True)[:ANSWERED_A_TURN])
    for request_id in request_ids:
        answer(request_id)
    return len(request_ids)


def answer(request_id: UUID) -> Answer:
    """Answer one request, or return the answer it got already."""
    with transaction.atomic(using=home()):
        request = SagaRequest.objects.select_for_update().get(id=request_id)
        if request.answer is not None:
            return Answer(**request.answer)
        given = _answer(request)
        request.answer = {"granted": given.granted, "message": given.message}
        request.consumed_at = clock.now()
        request.save(update_fields=["answer", "consumed_at"])
    return given


def _answer(request: SagaRequest) -> Answer:
    row = SagaTransaction.objects.select_for_update().filter(id=request.saga_id).first()
    if row is None or row.finished_at:
        ended = row or find_row(request.saga_id)
        told = f"The saga has ended as {ended.status}." if ended else "The saga has lost its row."
        return Answer(granted=False, message=told)
    if request.kind not in GRANTS:
        return Answer(granted=False, message=f"Nothing answers to {request.kind} yet.")
    try:
        return GRANTS[Kind(request.kind)](row, request)
    except (UnknownSaga, msgspec.ValidationError, ValueError) as error:
        return Answer(granted=False, message=f"This process cannot read it: {error}.")


def _cancel(row: SagaTransaction, request: SagaRequest) -> Answer:
    claim = claim_of_row(row, uuid4())
    if not can_turn_back(claim.saga, claim.progress):
        return Answer(granted=False, message="It is past its pivot or being undone already; it can only be carried on.")
    step = claim.saga.steps[claim.progress.step].name
    cause = Cause(step=step, code="cancelled", message=request.reason)
    SagaTransaction.objects.filter(id=row.id).update(lease=claim.lease, hold=None)
    _write(claim, turn_back(claim.saga, claim.progress, cause), request)
    return Answer(granted=True, message="It is being undone.")


def _pause(row: SagaTransaction, request: SagaRequest) -> Answer:
    if row.hold:
        return Answer(granted=False, message=f"It is held already ({row.hold}).")
    _tell(row, request, "paused")
    SagaTransaction.objects.filter(id=row.id).update(hold=Hold.PAUSED)
    return Answer(granted=True, message="Nobody works on it until it is resumed.")


def _resume(row: SagaTransaction, request: SagaRequest) -> Answer:
    if row.hold != Hold.PAUSED:
        return Answer(granted=False, message="It is not paused.")
    _tell(row, request, "resumed")
    SagaTransaction.objects.filter(id=row.id).update(hold=None)
    return Answer(granted=True, message="It is due now.")


def _retry(row: SagaTransaction, request: SagaRequest) -> Answer:
    if row.hold == Hold.PAUSED:
        return Answer(granted=False, message="It is paused; resume it.")
    _tell(row, request, "retried")
    if row.hold == Hold.DEAD_LETTER:
        letters = SagaDeadLetter.objects.filter(saga_id=row.id, state=SagaDeadLetter.State.OPEN)
        letters.update(state=SagaDeadLetter.State.RESOLVED, resolved_at=clock.now(), resolved_by=request.actor)
    SagaTransaction.objects.filter(id=row.id).update(hold=None)
    return Answer(granted=True, message="It is due now.")


def _taken_over(row: SagaTransaction) -> Claim:
    """Lease a locked saga to this request, whoever had it; one that cannot be read keeps the lease it has."""
    claim = claim_of_row(row, uuid4())
    SagaTransaction.objects.filter(id=row.id).update(lease=claim.lease)
    return claim


def _tell(row: SagaTransaction, request: SagaRequest, kind: str) -> None:
    """Note a request that does not move the cursor. It is due at once; a parked step gets one try, not all anew."""
    claim = _taken_over(row)
    progress = claim.progress
    told = Happening(
        kind=kind,
        step=claim.saga.steps[progress.step].name,
        direction=progress.direction,
        data={"reason": request.reason},
    )
    parked = progress.states[progress.step] in (State.PARKED, State.COMP_PARKED)
    following = progress if parked else replace(progress, failures=0)
    _write(claim, Move(progress=following, happenings=(told,)), request)


def _write(claim: Claim, move: Move, request: SagaRequest) -> None:
    settlement = Settlement(claim=claim, progress=claim.progress).then(move)
    write([settlement], actor=request.actor)
    transaction.on_commit(lambda: doorbell.ring([settlement.lane]), using=home())


GRANTS = {Kind.CANCEL: _cancel, Kind.PAUSE: _pause, Kind.RESUME: _resume, Kind.RETRY: _retry}
