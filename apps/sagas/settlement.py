"""
The settle: move a batch of sagas on, in one transaction of the database they live in.

One statement moves the batch and writes its history, and leaves alone whatever another worker has leased since. Steps
whose participant is that very database run inside the settle: their effect and the saga's move are one commit, so
they need no inbox.
"""

import logging
import random
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from django.db import OperationalError, connections, transaction
from prometheus_client import Counter

from apps.core.failpoints import failpoint
from apps.core.ids import new_id
from apps.core.sql import query

from . import doorbell
from .calls import answers, grouped, outcome_of
from .execution import advance, effects_open
from .faults import failed, storable
from .limits import limit
from .messages import Call, Command, Direction
from .orchestrator import SQL, Claim, as_json, call_of, home, lane_of
from .participant import PARTICIPANTS
from .progress import Happening, LeftOut, Move, Outcome, Postponed, Progress

logger = logging.getLogger(__name__)

REFUSED = Counter("saga_settle_refused_total", "Sagas whose lease was lost before they were settled", ["lane"])


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetter:
    """A step whose dead letter is opened (with its error), or resolved (with none)."""

    step: str
    direction: Direction
    error: str | None
    attempts: int
    delay_seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """
    A claimed saga and what became of it so far, in memory, until it is settled.

    `attempts` is how many claims without an answer stay counted: none, unless nobody could be asked this time.
    """

    claim: Claim
    progress: Progress
    attempts: int = 0
    happenings: tuple[Happening, ...] = ()
    delay_seconds: float = 0.0
    error: str | None = None
    dead_letters: tuple[DeadLetter, ...] = field(default=())

    def then(self, move: Move) -> "Settlement":
        """Return the settlement with one more move."""
        letters = self.dead_letters
        if move.parked or move.freed:
            step = self.claim.saga.steps[self.progress.step].name
            error = (move.error or "") if move.parked else None
            letter = DeadLetter(
                step=step,
                direction=self.progress.direction,
                error=error,
                attempts=move.failures,
                delay_seconds=move.delay_seconds,
            )
            letters = (*letters, letter)
        return replace(
            self,
            progress=move.progress,
            happenings=self.happenings + move.happenings,
            delay_seconds=move.delay_seconds,
            error=move.error,
            dead_letters=letters,
        )

    def after(self, outcome: Outcome) -> "Settlement":
        """Return the settlement after one more outcome of the step under the cursor."""
        moved = self.then(advance(self.claim.saga, self.progress, outcome, jitter=random.random()))  # noqa: S311
        # A claim that reached nobody does not count. Those before it do: whoever cannot be asked may have died of them.
        return replace(moved, attempts=self.claim.attempt - 1 if isinstance(outcome, Postponed) else 0)

    @property
    def logged(self) -> dict[str, str]:
        """What a line of the log says about where the saga stands."""
        step = self.claim.saga.steps[self.progress.step].name
        return {
            "saga_id": str(self.claim.saga_id),
            "order_id": str(self.claim.order_id),
            "step": step,
            "direction": str(self.progress.direction),
        }

    @property
    def due_now(self) -> bool:
        """Whether the saga has another step to run at once."""
        return not self.progress.finished and self.delay_seconds == 0.0

    @property
    def lane(self) -> str:
        """The lane of the step under the cursor."""
        return lane_of(self.claim.saga, self.progress)


def settle(settlements: Sequence[Settlement]) -> None:
    """
    Move a batch of one claim on, running the steps that are local to this database; ring the lanes that are due now.

    Sagas whose lease was lost are counted and otherwise left alone: another worker has them.
    """
    if not settlements:
        return
    with transaction.atomic(using=home()):
        limit(using=home(), lease_seconds=_lease_seconds(settlements[0].claim))
        carried = _with_local_steps(settlements)
        moved = write(carried, actor="engine")
        _write_dead_letters([one for one in carried if one.claim.saga_id in moved])
        failpoint("before_settle_commit")
    failpoint("after_settle")
    for one in carried:
        if one.claim.saga_id not in moved:
            REFUSED.labels(one.lane).inc()
    doorbell.ring({one.lane for one in carried if one.due_now and one.claim.saga_id in moved})


def _lease_seconds(claim: Claim) -> float:
    return PARTICIPANTS[lane_of(claim.saga, claim.progress)].lease_seconds


def _with_local_steps(settlements: Sequence[Settlement]) -> list[Settlement]:
    """Run local steps until none is due, for the sagas that are still this claim's."""
    current = list(settlements)
    if not any(_local(one) for one in current):
        return current
    owned = _owned(current)
    while due := [i for i, one in enumerate(current) if _local(one) and one.claim.saga_id in owned]:
        for group in grouped(due, lambda i: _call(current[i]).command.__class__).values():
            for i, moved in zip(group, _run_local([current[i] for i in group]), strict=True):
                current[i] = moved
    return current


def _local(one: Settlement) -> bool:
    return one.due_now and PARTICIPANTS[one.lane].database == home()


def _call(one: Settlement) -> Call[Command]:
    return call_of(one.claim, one.progress)


def _owned(settlements: Sequence[Settlement]) -> set[UUID]:
    with connections[home()].cursor() as cursor:
        ids = [one.claim.saga_id for one in settlements]
        cursor.execute(query(SQL, "own"), [ids, settlements[0].claim.lease])
        return {saga_id for (saga_id,) in cursor.fetchall()}


def _run_local(group: list[Settlement]) -> list[Settlement]:
    """Run one local step of a group in a savepoint; a group that fails is halved until the culprit fails alone."""
    if _call(group[0]).direction is Direction.SKIP:
        return [one.after(LeftOut()) for one in group]
    participant = PARTICIPANTS[group[0].lane]
    try:
        with transaction.atomic(using=home()):
            replies = answers(participant, [_call(one) for one in group])
        outcomes = [outcome_of(reply) for reply in replies]
    except OperationalError:
        raise
    except Exception as error:
        if len(group) > 1:
            middle = len(group) // 2
            return _run_local(group[:middle]) + _run_local(group[middle:])
        logger.exception("saga_step_failed", extra=group[0].logged)
        outcomes = [failed(error)]
    return [one.after(outcome) for one, outcome in zip(group, outcomes, strict=True)]


def write(carried: Sequence[Settlement], *, actor: str) -> set[UUID]:
    """
    Write the moves and their history, inside the caller's transaction; one statement.

    Returns:
        The sagas that were still this claim's; the others are as they were.
    """
    told = [
        (one.claim.saga_id, position, happening, one.claim.attempt)
        for one in carried
        for position, happening in enumerate(one.happenings, start=1)
    ]
    with connections[home()].cursor() as cursor:
        cursor.execute(
            query(SQL, "settle"),
            {
                "lease": carried[0].claim.lease,
                "actor": actor,
                "ids": [one.claim.saga_id for one in carried],
                "statuses": [str(one.progress.status) for one in carried],
                "steps": [one.progress.step for one in carried],
                "directions": [str(one.progress.direction) for one in carried],
                "lanes": [one.lane for one in carried],
                "states": [as_json(one.progress.states) for one in carried],
                "effects_open": [effects_open(one.claim.saga, one.progress) for one in carried],
                "failures": [one.progress.failures for one in carried],
                "attempts": [one.attempts for one in carried],
                "delays": [one.delay_seconds for one in carried],
                "causes": [as_json(one.progress.cause) if one.progress.cause else None for one in carried],
                "errors": [one.error and storable(one.error) for one in carried],
                "counts": [len(one.happenings) for one in carried],
                "event_ids": [saga_id for saga_id, _, _, _ in told],
                "event_positions": [position for _, position, _, _ in told],
                "event_kinds": [happening.kind for _, _, happening, _ in told],
                "event_steps": [happening.step for _, _, happening, _ in told],
                "event_directions": [str(happening.direction) for _, _, happening, _ in told],
                "event_attempts": [attempt for _, _, _, attempt in told],
                "event_data": [as_json(happening.data) for _, _, happening, _ in told],
            },
        )
        return {saga_id for (saga_id,) in cursor.fetchall()}


def _write_dead_letters(moved: Sequence[Settlement]) -> None:
    letters = [(one.claim.saga_id, letter) for one in moved for letter in one.dead_letters]
    opened = [(saga_id, letter) for saga_id, letter in letters if letter.error is not None]
    resolved = [(saga_id, letter) for saga_id, letter in letters if letter.error is None]
    with connections[home()].cursor() as cursor:
        if opened:
            cursor.execute(
                query(SQL, "dead_letters_open"),
                [
                    [new_id() for _ in opened],
                    [saga_id for saga_id, _ in opened],
                    [letter.step for _, letter in opened],
                    [str(letter.direction) for _, letter in opened],
                    [storable(letter.error or "") for _, letter in opened],
                    [letter.attempts for _, letter in opened],
                    [letter.delay_seconds for _, letter in opened],
                ],
            )
        if resolved:
            cursor.execute(
                query(SQL, "dead_letters_resolve"),
                [
                    [saga_id for saga_id, _ in resolved],
                    [letter.step for _, letter in resolved],
                    [str(letter.direction) for _, letter in resolved],
                ],
            )
