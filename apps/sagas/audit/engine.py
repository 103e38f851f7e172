"""What the engine promises of every saga, whatever it is about: that it ends, and that its history is true."""

from collections.abc import Collection, Iterator, Sequence
from datetime import timedelta
from itertools import pairwise
from uuid import UUID

from apps.core import clock
from apps.sagas import history
from apps.sagas.definition import Kind, Retry, Saga
from apps.sagas.lanes import POISON_AFTER_CLAIMS
from apps.sagas.messages import Direction
from apps.sagas.models import SagaDeadLetter
from apps.sagas.progress import Happening, Hold, IllegalMove, State
from apps.sagas.registry import versions_of
from apps.sagas.verification import broken, happening_of

from .registry import Finding, audits
from .subjects import AuditedSaga, readable

SLACK = timedelta(hours=1)
"""How much later than its policy's longest delay a saga may be due: leases, lanes that rest while nobody answers."""
PARKED = (State.PARKED, State.COMP_PARKED)


@audits("saga")
def history_leads_to_its_row(sagas: Sequence[AuditedSaga]) -> Iterator[Finding]:
    """I8: a saga has a row, and its history leads there."""
    for saga in sagas:
        if saga.row is None:
            yield Finding("I8", saga.id, f"it has {len(saga.events)} events and no row")
    for found in broken([saga.row for saga in sagas if saga.row]):
        yield Finding("I8", found.saga_id, found.problem)


@audits("saga")
def nothing_follows_the_end(sagas: Sequence[AuditedSaga]) -> Iterator[Finding]:
    """I6: after the line with which a saga ends its history moves it no more."""
    for saga in readable(sagas):
        lines = [happening_of(event) for event in saga.events]
        ended = _ended_after(saga.told, lines)
        late = [line.kind for line in lines[ended:] if line.kind not in history.WITHOUT_A_MOVE]
        if late:
            yield Finding("I6", saga.id, f"it ended with event {ended}, and then came {', '.join(late)}")


def _ended_after(saga: Saga, lines: Sequence[Happening]) -> int:
    """Return how many lines lead to the end; all, where the history is a path, or leads nowhere from the start."""
    earlier = versions_of(saga.name)
    try:
        history.fold(saga, lines, earlier=earlier)
    except IllegalMove:
        for count in range(1, len(lines)):
            try:
                if history.fold(saga, lines[:count], earlier=earlier).finished:
                    return count
            except IllegalMove:
                break
    return len(lines)


@audits("saga")
def every_saga_ends_or_is_held(sagas: Sequence[AuditedSaga]) -> Iterator[Finding]:
    """I4: an unfinished saga is due before long, or held by a person, or somebody has a dead letter of it."""
    living = [saga for saga in readable(sagas) if not saga.is_finished]
    letters = _dead_letters(living, states=[SagaDeadLetter.State.OPEN])
    for saga in living:
        row, parked = saga.read, [name for name, state in saga.states.items() if state in PARKED]
        missing = [name for name in parked if (saga.id, name, row.direction) not in letters]
        if missing:
            yield Finding("I4", saga.id, f"{', '.join(missing)} spent its tries, and no dead letter is open")
        if row.hold == Hold.DEAD_LETTER and not any(key[0] == saga.id for key in letters):
            yield Finding("I4", saga.id, "it is held as a dead letter, and none is open")
        latest = clock.now() + timedelta(seconds=_retry(saga).cap_seconds) + SLACK
        if not row.hold and not parked and row.due_at > latest:
            yield Finding("I4", saga.id, f"it is not due before {row.due_at:%Y-%m-%d %H:%M}, and nobody holds it")


@audits("saga")
def tries_end_in_a_dead_letter(sagas: Sequence[AuditedSaga]) -> Iterator[Finding]:
    """I14: a step that spent its tries turned its saga back, or has a dead letter."""
    judged = readable(sagas)
    letters = _dead_letters(judged, states=list(SagaDeadLetter.State))
    for saga in judged:
        row = saga.read
        if row.attempt > POISON_AFTER_CLAIMS + 1:
            yield Finding("I14", saga.id, f"{saga.step.name} was claimed {row.attempt} times without an answer")
        if not saga.is_finished and row.failures > _retry(saga).attempts and not _covered(saga, letters):
            yield Finding("I14", saga.id, f"{saga.step.name} failed {row.failures} times, and there is no dead letter")
        for event in saga.events:
            allowed = _attempts(saga.told, event.step, event.direction)
            failed = event.data.get("failures", 0)
            if failed > allowed and (saga.id, event.step, event.direction) not in letters:
                yield Finding("I14", saga.id, f"{event.step} failed {failed} times, and there never was a dead letter")


def _covered(saga: AuditedSaga, letters: Collection[tuple[UUID, str, str]]) -> bool:
    """Whether the step under the cursor has a dead letter; before the pivot it turns its saga back instead."""
    before_pivot = saga.read.direction == Direction.FORWARD and saga.step.kind is not Kind.RETRIABLE
    return not before_pivot and (saga.id, saga.step.name, saga.read.direction) in letters


def _retry(saga: AuditedSaga) -> Retry:
    return saga.step.retry if saga.read.direction == Direction.FORWARD else saga.step.undo_retry


def _attempts(saga: Saga, name: str, direction: str) -> float:
    """Return how many failures a step may tell without a dead letter; any number, where it is another version's."""
    for step in saga.steps:
        if step.name == name:
            return (step.retry if direction == Direction.FORWARD else step.undo_retry).attempts
    return float("inf")


@audits("saga")
def effects_are_undone_in_reverse(sagas: Sequence[AuditedSaga]) -> Iterator[Finding]:
    """I10: each compensation is of an earlier step than the one before it, but for what was parked meanwhile."""
    undoing = [saga for saga in readable(sagas) if saga.read.direction == Direction.BACKWARD]
    parked = _dead_letters(undoing, states=list(SagaDeadLetter.State))
    for saga in undoing:
        places = {step.name: place for place, step in enumerate(saga.told.steps)}
        undone = [
            event.step
            for event in saga.events
            if event.kind == "compensated"
            and event.step in places
            and (saga.id, event.step, str(Direction.BACKWARD)) not in parked
        ]
        for earlier, later in pairwise(undone):
            if places[later] >= places[earlier]:
                yield Finding("I10", saga.id, f"{later} was undone after {earlier}, which came before it")


def _dead_letters(sagas: Sequence[AuditedSaga], *, states: Sequence[str]) -> set[tuple[UUID, str, str]]:
    """Return which steps of these sagas have a dead letter in one of the states, by saga, step and direction."""
    found = SagaDeadLetter.objects.filter(saga_id__in=[saga.id for saga in sagas], state__in=states)
    return set(found.values_list("saga_id", "step", "direction")) if sagas else set()
