"""
Reading sagas, in the shape of the founding design: id, order, status, and steps with action, service and status.

A saga is among the transactions or in the archive. The transactions are read first: what is archived between the two
reads is then found twice, and never not at all.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connections, router
from django.db.models import Q

from apps.core.exceptions import NotFound
from apps.core.sql import query

from .definition import Saga, Step
from .messages import Direction
from .models import ArchivedSaga, SagaEvent, SagaRow, SagaTransaction
from .progress import State
from .registry import UnknownSaga, definition

SQL = Path(__file__).parent / "sql"


class SagaNotFound(NotFound):
    """No saga has this id, and none serves an order of this id."""

    code = "saga_not_found"


SHOWN_STATUS = {
    State.PENDING: "pending",
    State.READY: "pending",
    State.UNKNOWN: "pending",
    State.PARKED: "failed",
    State.COMPLETED: "completed",
    State.FAILED: "failed",
    State.COMP_READY: "pending",
    State.COMP_PARKED: "failed",
    State.COMPENSATED: "compensated",
    State.WAIVING: "failed",
    State.WAIVED: "compensated",
    State.SKIPPING: "pending",
    State.SKIPPED: "pending",
}
"""The founding design's four words for a step, by the engine's own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepView:
    """
    One step as people see it.

    `status` is one of pending, completed, failed, compensated; `state` the engine's more exact word. `data` is the
    reply, or what the refusal said; `error` the last failure.
    """

    action: str
    service: str
    compensation_action: str | None
    status: str
    state: str
    data: dict[str, Any] | None
    error: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EventView:
    """One line of a saga's history; `at` aware, UTC."""

    seq: int
    kind: str
    step: str
    direction: str
    attempt: int
    actor: str
    data: dict[str, Any]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SagaView:
    """One saga as people see it; steps in the order they run, events in the order they happened."""

    id: UUID
    definition: str
    version: int
    order_id: UUID
    status: str
    hold: str | None
    lane: str
    attempt: int
    failures: int
    due_at: datetime
    leased: bool
    effects_open: int
    cause: dict[str, Any] | None
    error: str | None
    created_at: datetime
    updated_at: datetime
    finished_at: datetime | None
    archived: bool
    steps: tuple[StepView, ...]
    events: tuple[EventView, ...]


def get_saga(identity: UUID) -> SagaView:
    """
    Return a saga by its own id or by the order it serves (the newest, where there are several).

    Raises:
        SagaNotFound: there is none.
    """
    found = _newest_first(_everywhere(Q(id=identity) | Q(order_id=identity)))
    if not found:
        raise SagaNotFound(f"no saga has the id {identity}, or serves an order of that id")
    return _views(found[:1])[0]


def find_row(saga_id: UUID) -> SagaRow | None:
    """Return the row of a saga, archived or not; None where it has none."""
    return next(iter(_everywhere(Q(id=saga_id))), None)


def list_rows(saga_ids: Collection[UUID]) -> list[SagaRow]:
    """Return the rows of sagas, archived or not, in any order; two statements, none for no saga."""
    return _everywhere(Q(id__in=saga_ids)) if saga_ids else []


def list_sagas(
    *,
    status: str | None = None,
    lane: str | None = None,
    definition: str | None = None,
    subject_id: UUID | None = None,
    order_ids: Sequence[UUID] | None = None,
    limit: int = 50,
) -> list[SagaView]:
    """Return sagas, the newest first, at most `limit`; three statements, however many there are."""
    wanted = Q()
    if status:
        wanted &= Q(status=status)
    if lane:
        wanted &= Q(lane=lane)
    if definition:
        wanted &= Q(definition=definition)
    if subject_id is not None:
        wanted &= Q(subject_id=subject_id)
    if order_ids is not None:
        wanted &= Q(order_id__in=order_ids)
    return _views(_newest_first(_everywhere(wanted, limit=limit))[:limit])


def list_statuses(*, order_ids: Collection[UUID], definition: str) -> dict[UUID, str]:
    """Return the status of the newest saga of a definition of each order that has one; two statements for all."""
    found = _newest_first(_everywhere(Q(order_id__in=order_ids, definition=definition)))
    return {saga.order_id: saga.status for saga in reversed(found)}


def list_saga_names(saga_ids: Collection[UUID]) -> dict[UUID, str]:
    """Return what to call each saga known, by id: its definition and its id; two statements for all."""
    return {saga.id: str(saga) for saga in _everywhere(Q(id__in=saga_ids))}


def _everywhere(wanted: Q, *, limit: int | None = None) -> list[SagaRow]:
    """Return sagas, archived or not, each once; of either kind the newest `limit`, where that is given."""
    kinds: Iterable[type[SagaRow]] = (SagaTransaction, ArchivedSaga)
    # Ids rise with time, and the partitions of the archive are in their order.
    rows = [row for kind in kinds for row in kind._default_manager.filter(wanted).order_by("-id")[:limit]]
    return list({row.id: row for row in rows}.values())


def _newest_first(sagas: Iterable[SagaRow]) -> list[SagaRow]:
    return sorted(sagas, key=lambda saga: saga.created_at, reverse=True)


def step_name(saga: SagaRow) -> str:
    """Return the name of the step under the cursor; empty when the saga has ended or its definition is not here."""
    if saga.finished_at:
        return ""
    try:
        return definition(saga.definition, saga.version).steps[saga.step].name
    except UnknownSaga:
        return ""


def list_oldest_due() -> dict[str, float]:
    """Return for how many seconds the oldest due saga of each lane has waited for a worker; 0 where none waits."""
    with connections[router.db_for_read(SagaTransaction)].cursor() as cursor:
        cursor.execute(query(SQL, "metrics_oldest_due"), [list(settings.LANES)])
        return {lane: float(seconds) for lane, seconds in cursor.fetchall()}


def events_of(saga_ids: Sequence[UUID]) -> dict[UUID, list[SagaEvent]]:
    """Return the history of each saga, in order; one statement."""
    events: dict[UUID, list[SagaEvent]] = defaultdict(list)
    for event in SagaEvent.objects.filter(saga_id__in=saga_ids).order_by("saga_id", "seq"):
        events[event.saga_id].append(event)
    return events


def _views(sagas: Sequence[SagaRow]) -> list[SagaView]:
    events = events_of([saga.id for saga in sagas])
    return [_view(saga, events[saga.id]) for saga in sagas]


def _view(saga: SagaRow, events: Sequence[SagaEvent]) -> SagaView:
    return SagaView(
        id=saga.id,
        definition=saga.definition,
        version=saga.version,
        order_id=saga.order_id,
        status=saga.status,
        hold=saga.hold,
        lane=saga.lane,
        attempt=saga.attempt,
        failures=saga.failures,
        due_at=saga.due_at,
        leased=saga.lease is not None,
        effects_open=saga.effects_open,
        cause=saga.cause,
        error=saga.error,
        created_at=saga.created_at,
        updated_at=saga.updated_at,
        finished_at=saga.finished_at,
        archived=isinstance(saga, ArchivedSaga),
        steps=_steps(saga, events),
        events=tuple(
            EventView(
                seq=event.seq,
                kind=event.kind,
                step=event.step,
                direction=event.direction,
                attempt=event.attempt,
                actor=event.actor,
                data=event.data,
                at=event.at,
            )
            for event in events
        ),
    )


def _steps(saga: SagaRow, events: Sequence[SagaEvent]) -> tuple[StepView, ...]:
    try:
        told: Saga = definition(saga.definition, saga.version)
    except UnknownSaga:
        return ()
    return tuple(_step(step, State(state), events) for step, state in zip(told.steps, saga.states, strict=True))


def _step(step: Step, state: State, events: Sequence[SagaEvent]) -> StepView:
    own = [event for event in events if event.step == step.name]
    data = next((event.data for event in reversed(own) if event.kind in ("completed", "refused")), None)
    error = next((event.data for event in reversed(own) if event.kind in ("failed", "unknown", "refused")), None)
    service = step.participant(Direction.FORWARD if step.do else Direction.BACKWARD)
    return StepView(
        action=step.name,
        service=service,
        compensation_action=step.undo.__name__ if step.undo else None,
        status=SHOWN_STATUS[state],
        state=str(state),
        data=(data or {}).get("reply", data),
        error=(error or {}).get("error") or (error or {}).get("message"),
    )
