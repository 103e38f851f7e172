"""Proving that every saga's row stands where its history leads."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from . import history
from .messages import Direction
from .models import SagaEvent, SagaTransaction
from .progress import Happening, IllegalMove, Progress
from .registry import UnknownSaga, definition
from .selectors import events_of

BATCH = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something about a saga that should not be."""

    saga_id: UUID
    problem: str


def find_broken_histories(*, since: datetime | None = None) -> list[Finding]:
    """
    Return what is wrong with the histories of sagas created since then: gaps, illegal paths, rows that disagree.

    A history is replayed through the engine's own moves; the row must stand where the replay ends.
    """
    sagas = SagaTransaction.objects.order_by("created_at")
    if since:
        sagas = sagas.filter(created_at__gte=since)
    findings: list[Finding] = []
    batch: list[SagaTransaction] = []
    for saga in sagas.iterator(chunk_size=BATCH):
        batch.append(saga)
        if len(batch) == BATCH:
            findings += _broken(batch)
            batch = []
    return findings + _broken(batch)


def _broken(sagas: Sequence[SagaTransaction]) -> list[Finding]:
    events = events_of([saga.id for saga in sagas])
    return [Finding(saga_id=saga.id, problem=problem) for saga in sagas for problem in _problems(saga, events[saga.id])]


def _problems(saga: SagaTransaction, events: Sequence[SagaEvent]) -> list[str]:
    if [event.seq for event in events] != list(range(1, saga.seq + 1)):
        return [f"its history should have events 1 to {saga.seq}, it has {[event.seq for event in events]}"]
    try:
        told = definition(saga.definition, saga.version)
        progress = history.fold(told, [happening_of(event) for event in events])
    except (UnknownSaga, IllegalMove) as error:
        return [str(error)]
    return [
        f"its row says {name} {row!r}, its history {folded!r}"
        for name, row, folded in _compared(saga, progress)
        if row != folded
    ]


def _compared(saga: SagaTransaction, progress: Progress) -> list[tuple[str, Any, Any]]:
    return [
        ("status", saga.status, str(progress.status)),
        ("step", saga.step, progress.step),
        ("direction", saga.direction, str(progress.direction)),
        ("states", saga.states, [str(state) for state in progress.states]),
    ]


def happening_of(event: SagaEvent) -> Happening:
    """Return one stored event as the engine's own."""
    return Happening(kind=event.kind, step=event.step, direction=Direction(event.direction), data=event.data)
