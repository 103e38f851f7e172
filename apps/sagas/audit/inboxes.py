"""What the inboxes of the participants say of sagas: each effect that is told of was had, and no other."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.conf import settings

from apps.core import clock
from apps.core.sql import Statements
from apps.sagas.definition import Kind, Step
from apps.sagas.messages import Direction
from apps.sagas.orchestrator import home
from apps.sagas.participant import PARTICIPANTS
from apps.sagas.progress import State
from apps.sagas.registry import SAGAS

from .pages import FOLDER
from .registry import Finding, audits
from .subjects import AuditedSaga, readable

TOLERANCE = timedelta(seconds=30)
"""How far the clocks of two databases may be apart."""


class Had(NamedTuple):
    """One entry of an inbox."""

    saga_id: UUID
    step: str
    direction: str
    epoch: int
    outcome: str
    handled_at: datetime


LEFT_BY = {State.COMPLETED: Direction.FORWARD, State.COMPENSATED: Direction.BACKWARD}
"""The effect that brought a step to a state."""
Entries = Mapping[tuple[str, str], Had]
"""The entries of one saga in its current epoch, by step and direction."""


@audits("saga")
def inboxes_agree(sagas: Sequence[AuditedSaga]) -> Iterator[Finding]:
    """I9: what a saga says was done has its entry, what was undone its tombstone too; a finished one has no other."""
    judged = [saga for saga in readable(sagas) if is_remembered(saga)]
    had = entries_of(judged)
    for saga in judged:
        epoch = saga.read.epoch
        entries = {(one.step, one.direction): one for one in had[saga.id] if one.epoch == epoch}
        for problem in _missing(saga, entries):
            yield Finding("I9", saga.id, problem)
        for problem in _superfluous(saga, had[saga.id]) if saga.is_finished else ():
            yield Finding("I9", saga.id, problem)


@audits("saga")
def no_effect_follows_the_end(sagas: Sequence[AuditedSaga]) -> Iterator[Finding]:
    """I6: no participant did anything for a saga after it had ended."""
    ended = [saga for saga in readable(sagas) if saga.is_finished and is_remembered(saga)]
    had = entries_of(ended)
    for saga in ended:
        finished_at = saga.read.finished_at
        for one in had[saga.id]:
            if finished_at and one.handled_at > finished_at + TOLERANCE:
                late = (one.handled_at - finished_at).total_seconds()
                yield Finding("I6", saga.id, f"{one.step} {one.direction} was had {late:.0f} s after the end")


def is_remembered(saga: AuditedSaga) -> bool:
    """Whether the inboxes still know the saga; they forget it a while after its end."""
    finished_at = saga.read.finished_at
    return finished_at is None or finished_at > clock.now() - timedelta(days=settings.SAGA_INBOX_DAYS - 1)


def entries_of(sagas: Sequence[AuditedSaga]) -> dict[UUID, list[Had]]:
    """Return what every participant did for these sagas; one statement a database."""
    had: dict[UUID, list[Had]] = defaultdict(list)
    ids = [saga.id for saga in sagas]
    for using in _databases(sagas) if ids else ():
        for row in Statements(FOLDER, using=using).rows("audit_inbox", Had, ids=ids):
            had[row.saga_id].append(row)
    return had


def _databases(sagas: Iterable[AuditedSaga]) -> list[str]:
    participants = {
        step.participant(direction)
        for saga in {(one.told.name, one.told.version): one.told for one in sagas}.values()
        for step in saga.steps
        for direction in _directions(step)
    }
    return sorted({PARTICIPANTS[name].database for name in participants if name in PARTICIPANTS} - {home()})


def _directions(step: Step) -> list[Direction]:
    builds = {Direction.FORWARD: step.do, Direction.BACKWARD: step.undo}
    return [direction for direction, build in builds.items() if build]


def _keeps_an_inbox(step: Step, direction: Direction) -> bool:
    """Whether an effect leaves an entry: not what runs in the sagas' own database, nor what is nobody's here."""
    if direction not in _directions(step):
        return False
    participant = PARTICIPANTS.get(step.participant(direction))
    return participant is not None and participant.database != home()


def _missing(saga: AuditedSaga, entries: Entries) -> Iterator[str]:
    """Say what was done or undone by the saga's own word, and has no entry."""
    for step in saga.told.steps:
        state = saga.states[step.name]
        direction = LEFT_BY.get(state)
        if direction is None or not _keeps_an_inbox(step, direction):
            continue
        entry = entries.get((step.name, direction))
        if entry is None or entry.outcome != "replied":
            yield f"{step.name} is {state}, its inbox says {entry.outcome if entry else 'nothing'}"
        if state is State.COMPENSATED and (step.name, Direction.FORWARD) not in entries:
            yield f"{step.name} is {state}, and has no tombstone"
    left_out = {event.step for event in saga.events if event.kind == "skip_noted"}
    for step in saga.told.steps:
        tombstone = (step.name, Direction.FORWARD) in entries or not _keeps_an_inbox(step, Direction.FORWARD)
        if step.name in left_out and not tombstone:
            yield f"{step.name} is {saga.states[step.name]}, and has no tombstone"


def _superfluous(saga: AuditedSaga, had: Iterable[Had]) -> Iterator[str]:
    """Say which entries a finished saga does not account for."""
    steps = {step.name: step for step in saga.told.steps}
    known = {step.name for (name, _), one in SAGAS.items() if name == saga.told.name for step in one.steps}
    for one in had:
        told = f"{one.step} {one.direction} in the inbox: {one.outcome}"
        if one.step not in known:
            yield f"{told}, and it has no such step"
        elif one.outcome == "replied" and one.step in steps and _unaccounted(saga, steps[one.step], one):
            yield f"{told}, and the step is {saga.states[one.step]}"


def _unaccounted(saga: AuditedSaga, step: Step, had: Had) -> bool:
    """Whether an effect stands of which the saga's end says that there is none."""
    if saga.has_completed:
        return had.direction == Direction.BACKWARD or saga.states[step.name] is State.SKIPPED
    if had.direction != Direction.FORWARD:
        return False
    return step.kind is Kind.RETRIABLE or saga.states[step.name] in (State.PENDING, State.SKIPPED)
