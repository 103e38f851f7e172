"""
Making a saga's row anew from its history: one that was deleted, or damaged by hand.

The row is due at once. What a worker had done for it without a settle is found by its inbox entry, as after any crash.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models.functions import Now

from apps.core.exceptions import DomainError

from . import doorbell, history
from .dead_letters import resolve_unreadable
from .definition import Saga
from .execution import effects_open
from .messages import to_json
from .models import ArchivedSaga, SagaEvent, SagaRow, SagaSubject, SagaTransaction
from .orchestrator import home, lane_of
from .progress import Hold, IllegalMove, Progress
from .registry import UnknownSaga, definition, versions_of
from .selectors import SagaNotFound, events_of
from .verification import happening_of, in_short

WHEN_IT_RUNS = ("created_at", "failures")
"""Columns that no history tells to the last digit: they say when a saga runs, not where it stands."""


class SagaCannotBeRebuilt(DomainError):
    """The history does not lead to a row, or somebody works on the saga right now; nothing was changed."""

    code = "saga_cannot_be_rebuilt"


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One column in which a row differs from its history; `row` is None in every column where the row is gone."""

    column: str
    row: Any
    history: Any


def rebuild(saga_id: UUID, *, actor: str, reason: str, dry_run: bool = False) -> list[Difference]:
    """
    Restore a saga's row from its events, and tell so in its history; nothing is written where nothing differs.

    Args:
        actor: who does it, as the history shall name them.
        reason: why, for the history.
        dry_run: only say what differs.

    Returns:
        What was put right, by column; empty when the row stood where its history leads.

    Raises:
        SagaNotFound: there is neither a row nor a history.
        SagaCannotBeRebuilt: the history has a gap, is no path of the engine, or was begun before histories held their
            saga's data; or the saga is leased to a worker.
    """
    with transaction.atomic(using=home()):
        row = _locked(saga_id)
        events = events_of([saga_id])[saga_id]
        if not events:
            raise SagaNotFound(f"no saga has the id {saga_id}, and there is no history of one")
        _refuse_leased(saga_id)
        saga, progress, columns = columns_of(events, row.step if row else None)
        found = _differences(row, columns)
        if found and not dry_run:
            _restore(row, columns)
            resolve_unreadable(saga_id, saga, progress, actor=actor, reason=reason)
            _tell(saga, progress, columns, found, actor=actor, reason=reason)
    return found


def named(identity: UUID) -> UUID:
    """Return the id of an order's newest saga, however damaged its row; any other id as it is."""
    serving = SagaTransaction.objects.filter(order_id=identity).order_by("-id").values_list("id", flat=True)
    return serving.first() or identity


def _locked(saga_id: UUID) -> SagaRow | None:
    """Return the row, archived or not, that nobody may change meanwhile; None where there is none."""
    kinds: tuple[type[SagaRow], ...] = (SagaTransaction, ArchivedSaga)
    found = (kind._default_manager.select_for_update().filter(id=saga_id).first() for kind in kinds)
    return next((row for row in found if row), None)


def columns_of(events: Sequence[SagaEvent], step: int | None = None) -> tuple[Saga, Progress, dict[str, Any]]:
    """
    Return what a whole history leads to, and the columns of its row, all but those that say when it runs.

    Going round parked compensations is not told: where the row stands at one of them (`step`), it may stay.

    Raises:
        SagaCannotBeRebuilt: the history does not lead to a row.
    """
    born = _birth(events)
    happenings = [happening_of(event) for event in events]
    try:
        saga = definition(born["definition"], born["version"])
        folded = history.fold(saga, happenings, earlier=versions_of(saga.name))
        progress = folded if step is None else history.gone_round(folded, step)
    except (UnknownSaga, IllegalMove) as error:
        raise SagaCannotBeRebuilt(f"its history leads nowhere: {error}") from error
    return saga, progress, _stands(saga, progress, events) | {"hold": history.hold_of(happenings)} | born


def _birth(events: Sequence[SagaEvent]) -> dict[str, Any]:
    seqs = [event.seq for event in events]
    if seqs != list(range(1, len(events) + 1)) or events[0].kind != "started":
        raise SagaCannotBeRebuilt(f"its history has events {in_short(seqs)}; the others are lost")
    told = history.origin_of([happening_of(event) for event in events])
    if "data" not in told:
        raise SagaCannotBeRebuilt("its history was begun before histories held the data of their sagas")
    deadline = told["deadline_at"]
    return {
        "id": events[0].saga_id,
        "definition": told["definition"],
        "version": told["version"],
        "subject_id": UUID(told["subject_id"]),
        "order_id": UUID(told["order_id"]),
        "data": told["data"],
        "deadline_at": datetime.fromisoformat(deadline) if deadline else None,
        "trace_id": told["trace_id"],
    }


def _stands(saga: Saga, progress: Progress, events: Sequence[SagaEvent]) -> dict[str, Any]:
    return {
        "status": str(progress.status),
        "step": progress.step,
        "direction": str(progress.direction),
        "lane": lane_of(saga, progress),
        "states": [str(state) for state in progress.states],
        "effects_open": effects_open(saga, progress),
        "cause": to_json(progress.cause) if progress.cause else None,
        "waivers": [to_json(waiver) for waiver in progress.waivers] or None,
        "failures": progress.failures,
        "seq": len(events),
        "created_at": events[0].at,
        "finished_at": _ended_at(events) if progress.finished else None,
    }


def _ended_at(events: Sequence[SagaEvent]) -> datetime:
    """Return when the last move was; lines that move nothing may come after the end."""
    return next(event.at for event in reversed(events) if event.kind not in history.WITHOUT_A_MOVE)


def _refuse_leased(saga_id: UUID) -> None:
    leased = SagaTransaction.objects.filter(id=saga_id, lease__isnull=False, due_at__gt=Now())
    if leased.exists():
        raise SagaCannotBeRebuilt("a worker has it right now: pause it, or wait until its lease ends")


def _differences(row: SagaRow | None, columns: dict[str, Any]) -> list[Difference]:
    told = {name: value for name, value in columns.items() if name not in WHEN_IT_RUNS}
    if row is None:
        return [Difference(column=name, row=None, history=value) for name, value in told.items()]
    return [
        Difference(column=name, row=getattr(row, name), history=value)
        for name, value in told.items()
        if _comparable(name, getattr(row, name)) != _comparable(name, value)
    ]


def _comparable(name: str, value: Any) -> Any:
    """The end's time is the row's own; that it has one is the history's. Nobody tells that a saga is unreadable."""
    if name == "finished_at":
        return value is not None
    return None if value in (Hold.DEAD_LETTER, []) else value


def _restore(row: SagaRow | None, columns: dict[str, Any]) -> None:
    """Write the row, due at once and nobody's; its end's time stays where it had one."""
    values = columns | {"attempt": 0, "lease": None, "error": None, "due_at": Now(), "updated_at": Now()}
    values |= {"seq": columns["seq"] + 1, "failing_since": Now() if columns["failures"] else None}
    if row and row.finished_at and values["finished_at"]:
        values["finished_at"] = row.finished_at
    try:
        with transaction.atomic(using=home()):
            if row:
                kept = {"created_at": row.created_at}
                type(row)._default_manager.filter(id=row.id).update(**values | kept)
            else:
                _place_of(columns)._default_manager.create(**values)
    except IntegrityError as error:
        raise SagaCannotBeRebuilt(f"another saga has taken its place: {error}") from error


def _place_of(columns: dict[str, Any]) -> type[SagaRow]:
    """Return where a row that is gone stood: what its archive remembers the subject by is still there."""
    archived = SagaSubject.objects.filter(saga_id=columns["id"], subject_id=columns["subject_id"])
    return ArchivedSaga if archived.exists() else SagaTransaction


def _tell(
    saga: Saga,
    progress: Progress,
    columns: dict[str, Any],
    found: Sequence[Difference],
    *,
    actor: str,
    reason: str,
) -> None:
    """Add the line to the history that the row's `seq` counts already, and ring whoever is to go on."""
    SagaEvent.objects.create(
        saga_id=columns["id"],
        seq=columns["seq"] + 1,
        kind="rebuilt",
        step=saga.steps[progress.step].name,
        direction=str(progress.direction),
        attempt=0,
        actor=actor,
        data={"reason": reason, "columns": [difference.column for difference in found]},
    )
    if not progress.finished:
        transaction.on_commit(lambda: doorbell.ring([columns["lane"]]), using=home())
