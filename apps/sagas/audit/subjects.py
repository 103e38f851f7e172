"""Sagas as the auditor sees them: the row, the history, and what both are about."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from apps.sagas.definition import Saga, Step
from apps.sagas.models import SagaEvent, SagaRow
from apps.sagas.orchestrator import home
from apps.sagas.progress import State
from apps.sagas.registry import UnknownSaga, definition
from apps.sagas.selectors import events_of, list_rows

from .pages import by_id, by_time
from .registry import Source, Subject, register


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditedSaga:
    """
    One saga: its row as it was read, and its history, read after it.

    `row` is None where it is gone; `saga` where this process does not know the definition, or the row does not fit it.
    """

    id: UUID
    row: SagaRow | None
    saga: Saga | None
    events: Sequence[SagaEvent]
    states: dict[str, State] = field(default_factory=dict)
    """The state of each step, by its name; empty without `saga`."""

    @property
    def order_id(self) -> UUID:
        """The order it serves."""
        return self.read.order_id

    @property
    def read(self) -> SagaRow:
        """The row, where it is known to be there."""
        assert self.row is not None
        return self.row

    @property
    def told(self) -> Saga:
        """The definition, where it is known to be here."""
        assert self.saga is not None
        return self.saga

    @property
    def step(self) -> Step:
        """The step under the cursor."""
        return self.told.steps[self.read.step]

    @property
    def is_readable(self) -> bool:
        """Whether row and definition are there, and fit."""
        return self.saga is not None

    @property
    def is_finished(self) -> bool:
        """Whether its row says that it has ended."""
        return self.row is not None and self.row.finished_at is not None

    @property
    def has_completed(self) -> bool:
        """Whether it has ended well."""
        return self.row is not None and self.row.status == "completed"


def load(saga_ids: Sequence[UUID]) -> list[AuditedSaga]:
    """Return sagas that have a row or a history, archived or not; rows are read before histories."""
    rows = {row.id: row for row in list_rows(saga_ids)}
    events = events_of(list(saga_ids))
    # What was born between the two reads has a row, and was not there when that was looked for.
    unseen = [saga_id for saga_id in saga_ids if saga_id not in rows]
    rows |= {row.id: row for row in list_rows(unseen)} if unseen else {}
    known = [saga_id for saga_id in saga_ids if saga_id in rows or events[saga_id]]
    return [audited(saga_id, rows.get(saga_id), events[saga_id]) for saga_id in known]


def audited(saga_id: UUID, row: SagaRow | None, events: Sequence[SagaEvent]) -> AuditedSaga:
    """Return a saga by its row and its history; lines that came after the row was read are of a later row."""
    saga, states = _fitting(row) if row else (None, {})
    told = [event for event in events if row is None or event.seq <= row.seq]
    return AuditedSaga(id=saga_id, row=row, saga=saga, events=told, states=states)


def _fitting(row: SagaRow) -> tuple[Saga | None, dict[str, State]]:
    """Return the definition of a row and the state of each step; nothing where the row does not fit it."""
    try:
        saga = definition(row.definition, row.version)
        states = {step.name: State(state) for step, state in zip(saga.steps, row.states, strict=True)}
    except (UnknownSaga, ValueError, TypeError):
        return None, {}
    return (saga, states) if 0 <= row.step < len(saga.steps) else (None, {})


def readable(sagas: Iterable[AuditedSaga]) -> list[AuditedSaga]:
    """Return the sagas whose row can be read; of the others the history's check tells."""
    return [saga for saga in sagas if saga.is_readable]


def of(definition_name: str, sagas: Iterable[AuditedSaga]) -> list[AuditedSaga]:
    """Return the sagas of one definition, whatever its version, whose row can be read."""
    return [saga for saga in sagas if saga.is_readable and saga.told.name == definition_name]


register(
    Subject(
        name="saga",
        load=load,
        sources=(
            Source(name="finished", read=by_time("audit_finished", using=home())),
            Source(name="unfinished", read=by_id("audit_unfinished", using=home()), goes_round=True),
            Source(name="every", read=by_id("audit_begun", using=home()), goes_round=True),
        ),
    )
)
