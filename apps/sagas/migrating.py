"""
Moving living sagas from one version of their definition to another, each as a line of its history.

Only sagas that nobody works on are moved: a locked row is passed over, and a leased one stays until its worker has
settled. Each page is a commit, and what was moved is not looked at again, so the work can be broken off and repeated.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import takewhile
from uuid import UUID, uuid4

import msgspec
from django.db import connections, transaction
from django.db.models import BooleanField, ExpressionWrapper, Q
from django.db.models.functions import Now

from apps.core.exceptions import DomainError
from apps.core.ids import FIRST_ID
from apps.core.sql import query

from . import doorbell
from .crossing import CannotCross, Crossing, begins_a_chain, cross, tried
from .execution import effects_open
from .history import arrival
from .messages import Direction, request_hash, to_json
from .models import SagaEvent, SagaTransaction
from .orchestrator import SQL, Claim, as_json, call_of, claim_of_row, home, lane_of
from .progress import LIVING, Progress, State
from .registry import CROSSINGS
from .selectors import events_of

PAGE = 100
LED_HERE = ("started", "completed")
"""The lines of a history by which the cursor of a saga comes to a step that it has not begun."""
TELLS = ("paused", "resumed", "retried")
"""The lines that say how many claims of the step had no answer when they were written."""


class NoSuchCrossing(DomainError):
    """No way between these versions is declared in this code; nothing was moved."""

    code = "saga_crossing_unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stayed:
    """A saga that was not moved, and why."""

    saga_id: UUID
    reason: str


@dataclass(slots=True, kw_only=True)
class Migrated:
    """What became of the sagas of a version; `moved` counts what would be moved, where nothing was to be."""

    moved: int = 0
    stayed: list[Stayed] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Moving:
    """One saga on its way: as it was claimed, and where and with what data it will stand."""

    claim: Claim
    progress: Progress
    data: object


def migrate(
    *, name: str, before: int, after: int, actor: str, reason: str, dry_run: bool = False, limit: int | None = None
) -> Migrated:
    """
    Move the living sagas of one version to another, the oldest first, at most `limit` of them; idempotent.

    Args:
        actor, reason: who moves them and why, for their histories.
        dry_run: only find out which can be moved.

    Returns:
        How many were moved, and which stay for which reason; what other transactions hold at the moment is in neither.

    Raises:
        NoSuchCrossing: nobody has declared how to get from the one to the other.
    """
    crossing = CROSSINGS.get((name, before, after))
    if crossing is None:
        ways = ", ".join(f"{one} from {old} to {new}" for one, old, new in sorted(CROSSINGS)) or "none"
        raise NoSuchCrossing(f"no crossing of {name} from version {before} to {after} is declared; there is {ways}")
    done, last = Migrated(), FIRST_ID
    while limit is None or done.moved < limit:
        with transaction.atomic(using=home()):
            page = _page(crossing, after_id=last)
            if not page:
                break
            moving = list(_sorted_out(crossing, page, done))[: None if limit is None else limit - done.moved]
            if moving and not dry_run:
                _write(crossing, moving, actor=actor, reason=reason)
        done.moved += len(moving)
        last = page[-1].id
    return done


def _page(crossing: Crossing, *, after_id: UUID) -> list[SagaTransaction]:
    """Lock the next sagas of the version; `held` says that a worker has one."""
    living = SagaTransaction.objects.filter(
        definition=crossing.before.name,
        version=crossing.before.version,
        status__in=LIVING,
        id__gt=after_id,
    )
    held = ExpressionWrapper(Q(lease__isnull=False, due_at__gt=Now()), output_field=BooleanField())
    return list(living.annotate(held=held).order_by("id").select_for_update(skip_locked=True)[:PAGE])


def _sorted_out(crossing: Crossing, page: Sequence[SagaTransaction], done: Migrated) -> Iterator[Moving]:
    """Yield what can be moved; note what stays, and why."""
    events = events_of([row.id for row in page])
    for row in page:
        try:
            yield _moving(crossing, row, events[row.id])
        except (CannotCross, msgspec.ValidationError, ValueError) as error:
            done.stayed.append(Stayed(saga_id=row.id, reason=str(error)))


def _moving(crossing: Crossing, row: SagaTransaction, events: Sequence[SagaEvent]) -> Moving:
    if getattr(row, "held", False):
        raise CannotCross("a worker holds it; it can go over when that has settled")
    claim = claim_of_row(row, uuid4())
    untried = _untried(row, claim, events)
    progress = cross(crossing, claim.progress, untried=untried)
    data = crossing.data(claim.data)
    if not isinstance(data, crossing.after.data):
        raise CannotCross(f"its data became a {type(data).__name__}, not a {crossing.after.data.__name__}")
    moving = Moving(claim=claim, progress=progress, data=data)
    _ask_the_same(crossing, moving, untried=untried)
    return moving


def _untried(row: SagaTransaction, claim: Claim, events: Sequence[SagaEvent]) -> bool:
    """
    Whether nobody can have begun the step under the cursor.

    A row that looks new is not enough: a request takes a saga from its worker, and notes then how often it was claimed.
    A lost line postpones what may be done, and leaves its error.
    """
    looks_new = (row.lease, row.attempt, row.failures, row.error) == (None, 0, 0, None)
    progress = claim.progress
    ready = progress.direction is Direction.FORWARD and progress.states[progress.step] is State.READY
    since = takewhile(lambda event: event.kind not in LED_HERE, reversed(events))
    untouched = all(event.kind in TELLS and event.attempt == 0 for event in since)
    return looks_new and ready and untouched and begins_a_chain(claim.saga, progress.step)


def _ask_the_same(crossing: Crossing, moving: Moving, *, untried: bool) -> None:
    """Refuse where a step that may have run would be asked for another thing: its inbox has the first one."""
    before, after = crossing.before, crossing.after
    old, new = moving.claim, _claim_after(crossing, moving)
    for name in tried(before, old.progress, untried=untried):
        steps = [step.name for step in after.steps]
        if name not in steps:
            continue
        asked, will_ask = (
            call_of(claim, _at(progress, claim.saga.index(name))).command
            for claim, progress in ((old, old.progress), (new, moving.progress))
        )
        if request_hash(asked) != request_hash(will_ask):
            raise CannotCross(f"{name} may have been done as it was asked, and would be asked for something else")


def _claim_after(crossing: Crossing, moving: Moving) -> Claim:
    return replace(moving.claim, saga=crossing.after, progress=moving.progress, data=moving.data)


def _at(progress: Progress, step: int) -> Progress:
    return replace(progress, step=step)


def _write(crossing: Crossing, moving: Sequence[Moving], *, actor: str, reason: str) -> None:
    """Move a page in one statement, and ring its lanes."""
    before, after = crossing.before, crossing.after
    lanes = [lane_of(after, one.progress) for one in moving]
    data = [to_json(one.data) for one in moving]
    way = {"from": before.version, "to": after.version, "reason": reason}
    with connections[home()].cursor() as cursor:
        cursor.execute(
            query(SQL, "cross"),
            {
                "before": before.version,
                "after": after.version,
                "actor": actor,
                "ids": [one.claim.saga_id for one in moving],
                "steps": [one.progress.step for one in moving],
                "step_names": [after.steps[one.progress.step].name for one in moving],
                "lanes": lanes,
                "states": [as_json(one.progress.states) for one in moving],
                "effects_open": [effects_open(after, one.progress) for one in moving],
                "data": [as_json(fields) for fields in data],
                "failures": [one.progress.failures for one in moving],
                "told": [
                    as_json(way | arrival(after, one.progress) | {"data": fields})
                    for one, fields in zip(moving, data, strict=True)
                ],
            },
        )
    transaction.on_commit(lambda: doorbell.ring(set(lanes)), using=home())
