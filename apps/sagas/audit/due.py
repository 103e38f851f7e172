"""Whether what is due is claimed."""

from collections.abc import Iterator, Sequence
from uuid import UUID

from django.conf import settings
from django.db import Error, connections

from apps.core.sql import Statements
from apps.sagas.models import SagaTransaction
from apps.sagas.orchestrator import home
from apps.sagas.participant import PARTICIPANTS, Participant

from .pages import FOLDER, whole
from .registry import Finding, Source, Subject, audits, register

SLACK_SECONDS = 60.0
MOST = 10_000


def overdue(lane: Participant, limit: int) -> list[UUID]:
    """Return the sagas of a lane that were due longer ago than a lease and a look at the table take, oldest first."""
    seconds = lane.lease_seconds + settings.LANE_POLL_SECONDS + SLACK_SECONDS
    return Statements(FOLDER, using=home()).column("audit_due", lane=lane.name, seconds=seconds, limit=limit)


def list_overdue(limit: int) -> list[UUID]:
    """Return those of every lane whose database answers."""
    return [saga_id for lane in PARTICIPANTS.values() if _answers(lane) for saga_id in overdue(lane, limit)]


def _answers(lane: Participant) -> bool:
    """Whether a participant's database can be asked: nothing is claimed in vain while it cannot."""
    try:
        with connections[lane.database].cursor() as cursor:
            cursor.execute("SELECT")
    except Error:
        connections[lane.database].close()
        return False
    return True


def load(saga_ids: Sequence[UUID]) -> list[SagaTransaction]:
    """Return those of the sagas that are overdue now."""
    late = set(list_overdue(MOST)) & set(saga_ids)
    return list(SagaTransaction.objects.filter(id__in=late))


register(Subject(name="due saga", load=load, sources=(Source(name="every", read=whole(list_overdue)),)))


@audits("due saga")
def what_is_due_is_claimed(sagas: Sequence[SagaTransaction]) -> Iterator[Finding]:
    """I13: nobody has claimed a saga within a lease and a poll, though its lane's database is up."""
    for saga in sagas:
        yield Finding("I13", saga.id, f"it waits in the lane {saga.lane} since {saga.due_at:%Y-%m-%d %H:%M:%S}")
