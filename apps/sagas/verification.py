"""
Proving that every saga's row stands where its history leads, while others work on them.

A row is read before its events, and events are only added. So of the events that are found, those up to the row's `seq`
are the history of the row as it was read; if there are more, the saga has moved meanwhile, and its row must say so.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from apps.core.ids import FIRST_ID

from . import history
from .definition import Saga
from .execution import effects_open
from .messages import Direction, to_json
from .models import ArchivedSaga, SagaEvent, SagaRow, SagaTransaction
from .orchestrator import lane_of
from .progress import Happening, Hold, IllegalMove, Progress
from .registry import UnknownSaga, definition, versions_of
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
    return [finding for page in pages(since=since) for finding in broken(page)]


def pages(*, since: datetime | None = None) -> Iterator[Sequence[SagaRow]]:
    """
    Give the sagas created since then, page by page, in the order of their ids; a page is all that is in memory.

    First the transactions, then the archive: what is archived meanwhile comes twice.
    """
    kinds: tuple[type[SagaRow], ...] = (SagaTransaction, ArchivedSaga)
    for kind in kinds:
        sagas = kind._default_manager.order_by("id")
        if since:
            sagas = sagas.filter(created_at__gte=since)
        after = FIRST_ID
        while page := list(sagas.filter(id__gt=after)[:BATCH]):
            yield page
            after = page[-1].id


def broken(sagas: Sequence[SagaRow]) -> list[Finding]:
    """Return what is wrong with the histories of these sagas."""
    events = events_of([saga.id for saga in sagas])
    ahead = [saga.id for saga in sagas if events[saga.id] and events[saga.id][-1].seq > saga.seq]
    moved = dict(SagaTransaction.objects.filter(id__in=ahead).values_list("id", "seq")) if ahead else {}
    return [
        Finding(saga_id=saga.id, problem=problem)
        for saga in sagas
        for problem in problems_of(saga, _up_to(saga, events[saga.id], moved.get(saga.id, saga.seq)))
    ]


def _up_to(saga: SagaRow, events: Sequence[SagaEvent], moved_to: int) -> Sequence[SagaEvent]:
    """Return the history of the row as it was read; all that is there, if the row has not followed it since."""
    if events and events[-1].seq > moved_to:
        return events
    return [event for event in events if event.seq <= saga.seq]


def problems_of(saga: SagaRow, events: Sequence[SagaEvent]) -> list[str]:
    """Return where a saga's row and its whole history disagree, or what is wrong with the history itself."""
    if [event.seq for event in events] != list(range(1, saga.seq + 1)):
        return [f"its history should have events 1 to {saga.seq}, it has {in_short([event.seq for event in events])}"]
    try:
        told = definition(saga.definition, saga.version)
        happenings = [happening_of(event) for event in events]
        progress = history.fold(told, happenings, earlier=versions_of(saga.definition))
        progress = history.gone_round(progress, saga.step)
    except (UnknownSaga, IllegalMove) as error:
        return [str(error)]
    rows = [*_compared(saga, told, progress, history.hold_of(happenings)), *_born(saga, history.origin_of(happenings))]
    return [f"its row says {name} {row!r}, its history {folded!r}" for name, row, folded in rows if row != folded]


Compared = tuple[str, Any, Any]
"""What is compared, as the row has it and as the history tells it."""


def _compared(saga: SagaRow, told: Saga, progress: Progress, hold: Hold | None) -> list[Compared]:
    paused = saga.hold if saga.hold != Hold.DEAD_LETTER else None
    return [
        ("status", saga.status, str(progress.status)),
        ("step", saga.step, progress.step),
        ("direction", saga.direction, str(progress.direction)),
        ("states", saga.states, [str(state) for state in progress.states]),
        ("cause", saga.cause, to_json(progress.cause) if progress.cause else None),
        ("waivers", saga.waivers or [], [to_json(one) for one in progress.waivers]),
        ("effects_open", saga.effects_open, effects_open(told, progress)),
        ("lane", saga.lane, lane_of(told, progress)),
        ("finished", saga.finished_at is not None, progress.finished),
        ("hold", paused, hold and str(hold)),
    ]


def _born(saga: SagaRow, told: dict[str, Any]) -> list[Compared]:
    """Compare what a saga is with the first line of its history; older lines tell its definition only."""
    return [(name, row, told[name]) for name, row in birth_of(saga).items() if name in told]


def birth_of(saga: SagaRow) -> dict[str, Any]:
    """Return what a saga was begun with, in the words of the first line of its history."""
    return {
        "definition": saga.definition,
        "version": saga.version,
        "subject_id": str(saga.subject_id),
        "order_id": str(saga.order_id),
        "data": saga.data,
        "trace_id": saga.trace_id,
    }


def in_short(seqs: Sequence[int]) -> str:
    """Return the numbers of events as runs: 1-4, 6."""
    runs: list[list[int]] = []
    for seq in seqs:
        if runs and seq == runs[-1][1] + 1:
            runs[-1][1] = seq
        else:
            runs.append([seq, seq])
    return ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in runs) or "none"


def happening_of(event: SagaEvent) -> Happening:
    """Return one stored event as the engine's own."""
    return Happening(kind=event.kind, step=event.step, direction=Direction(event.direction), data=event.data)
