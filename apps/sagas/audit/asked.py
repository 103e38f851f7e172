"""Whether what people ask of sagas is answered once."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import timedelta
from uuid import UUID

from apps.core import clock
from apps.sagas.models import SagaEvent, SagaRequest
from apps.sagas.orchestrator import home

from .pages import by_id
from .registry import Finding, Source, Subject, audits, register

ANSWERED_WITHIN = timedelta(minutes=10)
TOLD_AS = {
    "cancel": "turned_back",
    "force_compensate": "turned_back",
    "pause": "paused",
    "resume": "resumed",
    "retry": "retried",
    "skip": "skipped",
}
"""The line of the history that tells of each request granted; of a waiver it tells the second one's only."""


def load(request_ids: Sequence[UUID]) -> list[SagaRequest]:
    """Return requests."""
    return list(SagaRequest.objects.filter(id__in=request_ids))


register(
    Subject(
        name="request",
        load=load,
        sources=(
            Source(name="waiting", read=by_id("audit_waiting_requests", using=home()), goes_round=True),
            Source(name="every", read=by_id("audit_requests", using=home()), goes_round=True),
        ),
    )
)

Told = tuple[UUID, str, str]
"""A saga, a kind of line, and who is named in it."""


@audits("request")
def requests_are_answered_once(requests: Sequence[SagaRequest]) -> Iterator[Finding]:
    """I12: a request is answered before long, and one that was granted is told once in the history."""
    asked_of = {request.saga_id for request in requests}
    granted = _granted(asked_of)
    told = _told(asked_of)
    for request in requests:
        if request.consumed_at is None:
            if request.created_at < clock.now() - ANSWERED_WITHIN:
                since = f"{request.created_at:%Y-%m-%d %H:%M}"
                yield Finding("I12", request.id, f"{request.kind} of {request.saga_id} waits since {since}")
            continue
        line = _line(request)
        if line and granted[line] != told[line]:
            problem = f"{line[1]} by {request.actor} of {request.saga_id}: granted {granted[line]} times, "
            yield Finding("I12", request.id, f"{problem}told {told[line]} times")


def _line(request: SagaRequest) -> Told | None:
    """Return the line that tells of a request; None of one that was not granted, or is told of otherwise."""
    if request.kind not in TOLD_AS or not (request.answer or {}).get("granted"):
        return None
    return request.saga_id, TOLD_AS[request.kind], request.actor


def _granted(saga_ids: set[UUID]) -> Counter[Told]:
    lines = (_line(request) for request in SagaRequest.objects.filter(saga_id__in=saga_ids))
    return Counter(line for line in lines if line)


def _told(saga_ids: set[UUID]) -> Counter[Told]:
    lines = SagaEvent.objects.filter(saga_id__in=saga_ids, kind__in=set(TOLD_AS.values()))
    return Counter(lines.values_list("saga_id", "kind", "actor"))
