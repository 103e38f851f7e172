"""Reading sagas, in the shape of the founding design: id, order, status, and steps with action, service and status."""

from collections import defaultdict
from collections.abc import Collection, Sequence
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
from .models import SagaDeadLetter, SagaEvent, SagaTransaction
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
    State.WAIVED: "compensated",
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
    steps: tuple[StepView, ...]
    events: tuple[EventView, ...]


def get_saga(identity: UUID) -> SagaView:
    """
    Return a saga by its own id or by the order it serves (the newest, where there are several).

    Raises:
        SagaNotFound: there is none.
    """
    saga = SagaTransaction.objects.filter(Q(id=identity) | Q(order_id=identity)).order_by("-created_at").first()
    if saga is None:
        raise SagaNotFound(f"no saga has the id {identity}, or serves an order of that id")
    return _views([saga])[0]


def list_sagas(
    *, status: str | None = None, lane: str | None = None, order_ids: Sequence[UUID] | None = None, limit: int = 50
) -> list[SagaView]:
    """Return sagas, the newest first, at most `limit`; two statements, however many there are."""
    found = SagaTransaction.objects.order_by("-created_at")
    if status:
        found = found.filter(status=status)
    if lane:
        found = found.filter(lane=lane)
    if order_ids is not None:
        found = found.filter(order_id__in=order_ids)
    return _views(list(found[:limit]))


def list_statuses(*, order_ids: Collection[UUID]) -> dict[UUID, str]:
    """Return the status of the newest saga of each order that has one, by order; one statement for all."""
    found = SagaTransaction.objects.filter(order_id__in=order_ids).order_by("created_at")
    return dict(found.values_list("order_id", "status"))


def list_saga_names(saga_ids: Collection[UUID]) -> dict[UUID, str]:
    """Return what to call each saga known, by id: its definition and its id; one statement for all."""
    found = SagaTransaction.objects.filter(id__in=saga_ids).values_list("id", "definition")
    return {saga_id: f"{name} {saga_id}" for saga_id, name in found}


def step_name(saga: SagaTransaction) -> str:
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


def count_open_dead_letters() -> int:
    """Return how many steps spent their tries and wait for a person."""
    return SagaDeadLetter.objects.filter(state="open").count()


def list_open_dead_letters(
    *, step: str | None = None, error: str | None = None, limit: int = 100
) -> list[SagaDeadLetter]:
    """Return open dead letters, the oldest first; only of one step, or with a text in their error, where asked."""
    found = SagaDeadLetter.objects.filter(state=SagaDeadLetter.State.OPEN).order_by("first_at")
    if step:
        found = found.filter(step=step)
    if error:
        found = found.filter(error__icontains=error)
    return list(found[:limit])


def events_of(saga_ids: Sequence[UUID]) -> dict[UUID, list[SagaEvent]]:
    """Return the history of each saga, in order; one statement."""
    events: dict[UUID, list[SagaEvent]] = defaultdict(list)
    for event in SagaEvent.objects.filter(saga_id__in=saga_ids).order_by("saga_id", "seq"):
        events[event.saga_id].append(event)
    return events


def _views(sagas: Sequence[SagaTransaction]) -> list[SagaView]:
    events = events_of([saga.id for saga in sagas])
    return [_view(saga, events[saga.id]) for saga in sagas]


def _view(saga: SagaTransaction, events: Sequence[SagaEvent]) -> SagaView:
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


def _steps(saga: SagaTransaction, events: Sequence[SagaEvent]) -> tuple[StepView, ...]:
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
