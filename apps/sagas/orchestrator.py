"""
How sagas begin and how they are claimed, in the database they live in.

PostgreSQL is the truth and the queue. A saga begins in the commit of what it is about. A claim leases a batch in one
statement that commits at once. Recovery is not a second mechanism: a saga whose lease ran out is simply due again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID, uuid4

import msgspec
from django.db import connections, router, transaction

from apps.core.failpoints import failpoint
from apps.core.sql import query

from . import doorbell
from .definition import Cause, Saga, Step, Waiver
from .execution import effects_open, start
from .messages import Call, Command, Direction, LeaveOut, from_json, to_json
from .models import SagaTransaction
from .progress import Progress, State, Status
from .registry import SAGAS, definition

SQL = Path(__file__).parent / "sql"


def home() -> str:
    """Return the alias of the database where sagas live."""
    return router.db_for_write(SagaTransaction)


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """
    One saga to begin.

    `saga_id` must be a UUIDv7 (apps.core.ids.new_id); `subject_id` is what the saga is about, and starts it once only.
    `deadline_seconds` is how long it may take to pass its pivot, by the database's clock; None for ever.
    """

    saga: Saga
    saga_id: UUID
    subject_id: UUID
    order_id: UUID
    data: Any
    deadline_seconds: float | None = None
    trace_id: str | None = None


def begin(starts: Sequence[Start], *, actor: str) -> None:
    """
    Begin sagas inside the caller's transaction on their database, and ring their lanes once it commits.

    `actor` is who began them, for their history.

    Raises:
        IntegrityError: the subject has a saga of this definition already (constraint saga_starts_once).
    """
    progresses = [start(one.saga) for one in starts]
    lanes = [lane_of(one.saga, progress) for one, progress in zip(starts, progresses, strict=True)]
    with connections[home()].cursor() as cursor:
        cursor.execute(
            query(SQL, "start"),
            {
                "ids": [one.saga_id for one in starts],
                "definitions": [one.saga.name for one in starts],
                "versions": [one.saga.version for one in starts],
                "subjects": [one.subject_id for one in starts],
                "orders": [one.order_id for one in starts],
                "statuses": [str(progress.status) for progress in progresses],
                "steps": [progress.step for progress in progresses],
                "directions": [str(progress.direction) for progress in progresses],
                "lanes": lanes,
                "states": [as_json(progress.states) for progress in progresses],
                "effects_open": [effects_open(one.saga, p) for one, p in zip(starts, progresses, strict=True)],
                "seqs": [1 for _ in starts],
                "data": [as_json(to_json(one.data)) for one in starts],
                "deadlines": [one.deadline_seconds for one in starts],
                "trace_ids": [one.trace_id for one in starts],
                "step_names": [one.saga.steps[p.step].name for one, p in zip(starts, progresses, strict=True)],
                "actor": actor,
            },
        )
    failpoint("before_begin_commit")
    transaction.on_commit(lambda: _ring(lanes), using=home())


def _ring(lanes: Sequence[str]) -> None:
    failpoint("after_begin_commit")
    doorbell.ring(set(lanes))


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """
    One leased saga, as it stood when it was claimed.

    `attempt` counts claims since it last moved; `overdue` says that its deadline had passed.
    """

    saga_id: UUID
    saga: Saga
    order_id: UUID
    progress: Progress
    data: Any
    attempt: int
    epoch: int
    lease: UUID
    overdue: bool = False


def lane_of(saga: Saga, progress: Progress) -> str:
    """Return the participant who runs the step under the cursor; a finished saga keeps its last one."""
    step = saga.steps[progress.step]
    # A saga that begins with its pivot ends there, where there is nothing to undo.
    return step.participant(progress.direction if step.undo else Direction.FORWARD)


EFFECTS = {State.WAIVING: Direction.WAIVER, State.SKIPPING: Direction.SKIP}
"""What a participant is asked of a step that people have done with."""


def call_of(claim: Claim, progress: Progress) -> Call[Any]:
    """Return the command of the step under the cursor, built from the saga's data."""
    step = claim.saga.steps[progress.step]
    effect = EFFECTS.get(progress.states[progress.step], progress.direction)
    command = _command_of(step, effect, claim.data, progress)
    return Call(saga_id=claim.saga_id, step=step.name, direction=effect, epoch=claim.epoch, command=command)


def _command_of(step: Step, effect: Direction, data: Any, progress: Progress) -> Command:
    if effect is Direction.WAIVER:
        assert step.waive is not None
        return step.waive(data, next(one for one in progress.waivers if one.step == step.name))
    if effect is Direction.SKIP:
        return LeaveOut()
    if effect is Direction.FORWARD:
        assert step.do is not None
        return step.do(data)
    assert step.undo is not None
    assert progress.cause is not None
    return step.undo(data, progress.cause)


def claim(lane: str, *, limit: int, lease_seconds: float) -> list[Claim]:
    """
    Lease up to `limit` due sagas of a lane, oldest first, of the definitions this process knows.

    The attempt is counted here, before anything runs, so that a batch which kills its worker is noticed.
    """
    lease = uuid4()
    with transaction.atomic(using=home()), connections[home()].cursor() as cursor:
        cursor.execute(
            query(SQL, "claim"),
            {
                "lane": lane,
                "definitions": [name for name, _ in SAGAS],
                "versions": [version for _, version in SAGAS],
                "limit": limit,
                "lease": lease,
                "lease_seconds": lease_seconds,
            },
        )
        rows = [ClaimedRow(*row) for row in cursor.fetchall()]
        claims: list[Claim] = []
        unreadable: list[tuple[UUID, str, str]] = []
        for row in rows:
            try:
                claims.append(claim_of(row, lease))
            except (msgspec.ValidationError, ValueError, IndexError) as error:
                problem = f"its data does not fit {row.definition} version {row.version}: {error}"
                unreadable.append((row.saga_id, problem, step_named(row)))
        if unreadable:
            ids, errors, steps = map(list, zip(*unreadable, strict=True))
            cursor.execute(query(SQL, "hold"), {"ids": ids, "errors": errors, "steps": steps})
        return claims


class ClaimedRow(NamedTuple):
    """One row of claim.sql; JSON columns as text."""

    saga_id: UUID
    definition: str
    version: int
    order_id: UUID
    status: str
    step: int
    direction: str
    states: str
    attempt: int
    failures: int
    failing_seconds: float
    epoch: int
    data: str
    cause: str | None
    waivers: str | None
    overdue: bool


def claim_of(row: ClaimedRow, lease: UUID) -> Claim:
    """Return the claim that one row of claim.sql tells of."""
    saga = definition(row.definition, row.version)
    if not (0 <= row.step < len(saga.steps) == len(msgspec.json.decode(row.states))):
        raise ValueError(f"it stands at step {row.step} of {row.states}")
    progress = Progress(
        status=Status(row.status),
        step=row.step,
        direction=Direction(row.direction),
        states=tuple(State(state) for state in msgspec.json.decode(row.states)),
        failures=row.failures,
        failing_seconds=row.failing_seconds,
        cause=from_json(Cause, msgspec.json.decode(row.cause)) if row.cause else None,
        waivers=from_json(tuple[Waiver, ...], msgspec.json.decode(row.waivers)) if row.waivers else (),
    )
    return Claim(
        saga_id=row.saga_id,
        saga=saga,
        order_id=row.order_id,
        progress=progress,
        data=from_json(saga.data, msgspec.json.decode(row.data)),
        attempt=row.attempt,
        epoch=row.epoch,
        lease=lease,
        overdue=row.overdue,
    )


def step_named(row: ClaimedRow) -> str:
    """Return the name of the step a row says it stands at; its number where there is none."""
    steps = definition(row.definition, row.version).steps
    return steps[row.step].name if 0 <= row.step < len(steps) else str(row.step)


def claim_of_row(row: SagaTransaction, lease: UUID) -> Claim:
    """Return the claim of a saga whose row the caller has locked and leased."""
    claimed = ClaimedRow(
        saga_id=row.id,
        definition=row.definition,
        version=row.version,
        order_id=row.order_id,
        status=row.status,
        step=row.step,
        direction=row.direction,
        states=as_json(row.states),
        attempt=row.attempt,
        failures=row.failures,
        failing_seconds=0.0,
        epoch=row.epoch,
        data=as_json(row.data),
        cause=as_json(row.cause) if row.cause else None,
        waivers=as_json(row.waivers) if row.waivers else None,
        overdue=False,
    )
    return claim_of(claimed, lease)


def as_json(value: Any) -> str:
    """Return a value as JSON text, for a jsonb parameter."""
    return msgspec.json.encode(value).decode()
