"""
What people ask of a running saga: cancel, pause, resume, retry, skip, force_compensate, waive.

A request is written first and answered in a transaction of its own, so it is never lost and answered once. Answering
takes the saga over as a claim does: a worker that holds it at that moment finds its lease gone when it settles, and
what it did meanwhile is found by its inbox entry, its tombstone or the gateway's fence. So a cancellation that races
with a confirmation is decided by one row. A process that does not know the saga's definition leaves the request to one
that does.
"""

from functools import reduce
from operator import or_
from uuid import UUID

import msgspec
from django.db import transaction
from django.db.models import Q

from apps.core import clock
from apps.core.exceptions import DomainError, InvalidInput
from apps.core.failpoints import failpoint
from apps.core.ids import new_id

from .grants import GRANTS, Answer, after, refused
from .models import SagaRequest, SagaTransaction
from .orchestrator import home
from .registry import SAGAS, UnknownSaga
from .selectors import SagaNotFound, find_row

Kind = SagaRequest.Kind
ANSWERED_A_TURN = 100
WAITS = "It waits: {}. Whoever has that code answers it, within seconds where a worker of it runs."


class KeyStandsForAnotherRequest(DomainError):
    """Something else was asked under this idempotency key; nothing was asked now."""

    code = "saga_request_key_reused"


class ReasonMissing(InvalidInput):
    """Whoever asks something of a saga says why."""


def ask(
    *,
    saga_id: UUID,
    kind: str,
    actor: str,
    reason: str,
    step: str | None = None,
    idempotency_key: str | None = None,
) -> Answer:
    """
    Ask something of a saga, and have it answered at once.

    Args:
        kind: one of cancel, pause, resume, retry, skip, force_compensate, waive.
        actor: who asks, as the history shall name them; a waiver needs two different ones, a request each.
        reason: why; for a cancellation it is what the buyer reads.
        step: for skip, retry and waive the name of the step; None for the one there is.
        idempotency_key: the same key again gets the first answer, and asks nothing.

    Returns:
        The answer; a refusal is one too, and is kept like the others. It may say that it waits.

    Raises:
        SagaNotFound: no saga has this id; nothing is written.
        ReasonMissing: the reason is blank; nothing is written.
        KeyStandsForAnotherRequest: the key was used for something else.
    """
    if not reason.strip():
        raise ReasonMissing("Say why.", errors={"reason": ["This field is required."]})
    if find_row(saga_id) is None:
        raise SagaNotFound(f"no saga has the id {saga_id}")
    asked = {"saga_id": saga_id, "kind": Kind(kind), "step": step or None, "actor": actor}
    request, _ = SagaRequest.objects.get_or_create(
        idempotency_key=idempotency_key or str(new_id()), defaults={**asked, "reason": reason}
    )
    if any(getattr(request, field) != value for field, value in asked.items()):
        raise KeyStandsForAnotherRequest(f"the key {idempotency_key} stands for {request.kind} of {request.saga_id}")
    return answer(request.id)


def answer_open_requests() -> int:
    """Answer requests that nobody has answered, the oldest first, of sagas known here; return how many."""
    known = [Q(definition=name, version=version) for name, version in SAGAS]
    # What only other code can answer must not stand before the rest for ever.
    others = SagaTransaction.objects.exclude(reduce(or_, known)).values("id")
    waiting = SagaRequest.objects.filter(consumed_at__isnull=True).exclude(saga_id__in=others)
    request_ids = list(waiting.order_by("created_at").values_list("id", flat=True)[:ANSWERED_A_TURN])
    return sum(1 for request_id in request_ids if not answer(request_id).waits)


def answer(request_id: UUID) -> Answer:
    """Answer one request, or return the answer it got already."""
    with transaction.atomic(using=home()):
        request = SagaRequest.objects.select_for_update().get(id=request_id)
        if request.answer is not None:
            return Answer(**request.answer)
        given = _answer(request)
        if not given.waits:
            request.answer = {"granted": given.granted, "message": given.message}
            request.consumed_at = clock.now()
            request.save(update_fields=["answer", "consumed_at"])
        failpoint("before_answer_commit")
    return given


def _answer(request: SagaRequest) -> Answer:
    row = SagaTransaction.objects.select_for_update().filter(id=request.saga_id).first()
    if row is None or row.finished_at:
        return refused(_ended(request))
    try:
        return GRANTS[request.kind](row, request)
    except UnknownSaga as error:
        return Answer(granted=False, message=WAITS.format(error), waits=True)
    except (msgspec.ValidationError, ValueError) as error:
        return refused(f"This process cannot read it: {error}.")


def _ended(request: SagaRequest) -> str:
    """Say how a saga has ended, and what takes it back where somebody wants it undone."""
    ended = find_row(request.saga_id)
    if ended is None:
        return "The saga has lost its row."
    saga = SAGAS.get((ended.definition, ended.version))
    undone = request.kind in (Kind.CANCEL, Kind.FORCE_COMPENSATE) and ended.status == "completed"
    return f"The saga has ended as {ended.status}.{after(saga.afterwards) if saga and undone else ''}"
