"""
Redrive: one more try for many dead letters, so many a second: thousands must not storm a gateway just mended.

A redrive is a run with a name. Each letter is asked for under a key made of the run's name and its own, so a run that
died is gone on with under its name: what it has asked is left out.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID, uuid4

import msgspec

from .dead_letters import Letters, error_class, list_dead_letters
from .grants import not_retried
from .models import SagaDeadLetter, SagaRequest, SagaTransaction
from .orchestrator import claim_of_row
from .registry import UnknownSaga
from .requests import ask

PER_SECOND = 10.0
PAGE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Redriven:
    """
    One dead letter of a run: what would be asked, or what was.

    `outlook` is a sentence: what is done to it, or why it is not.
    """

    letter_id: UUID
    saga_id: UUID
    order_id: UUID | None
    step: str
    direction: str
    error_class: str
    error: str
    attempts: int
    granted: bool
    outlook: str


def plan(letters: Letters, *, run: str, limit: int | None = None) -> list[Redriven]:
    """
    Return what a run would do, the oldest letter first, at most `limit`; asks nothing.

    What was asked under the run's name already is left out.
    """
    asked = set(
        SagaRequest.objects.filter(idempotency_key__startswith=key_of(run, "")).values_list(
            "idempotency_key", flat=True
        )
    )
    waiting = [one for one in list_dead_letters(letters, limit=None) if key_of(run, one.id) not in asked][:limit]
    rows: dict[UUID, SagaTransaction] = {}
    for start in range(0, len(waiting), PAGE):
        page = [letter.saga_id for letter in waiting[start : start + PAGE]]
        rows |= SagaTransaction.objects.in_bulk(page)
    return [_planned(letter, rows.get(letter.saga_id)) for letter in waiting]


def redrive(
    planned: Sequence[Redriven],
    *,
    run: str,
    actor: str,
    reason: str,
    per_second: float = PER_SECOND,
    now: Callable[[], float] = time.monotonic,
    wait: Callable[[float], None] = time.sleep,
) -> Iterator[Redriven]:
    """
    Ask for one more try of each letter, so many a second; give each as it is answered.

    Args:
        planned: as `plan` returned it.
        run: the run's name; a run that was broken off goes on under it.
        actor: who asks, as the histories shall name them.
        reason: why.
        per_second: above zero.
    """
    due = now()
    for one in planned:
        wait(max(0.0, due - now()))
        due = now() + 1.0 / per_second
        answer = ask(
            saga_id=one.saga_id,
            kind="retry",
            actor=actor,
            reason=reason,
            step=one.step,
            idempotency_key=key_of(run, one.letter_id),
        )
        yield replace(one, granted=answer.granted, outlook=answer.message)


def key_of(run: str, letter_id: Any) -> str:
    return f"redrive {run} {letter_id}"


def _planned(letter: SagaDeadLetter, row: SagaTransaction | None) -> Redriven:
    refusal = _refusal(row)
    return Redriven(
        letter_id=letter.id,
        saga_id=letter.saga_id,
        order_id=row.order_id if row else None,
        step=letter.step,
        direction=letter.direction,
        error_class=error_class(letter.error),
        error=letter.error,
        attempts=letter.attempts,
        granted=refusal is None,
        outlook=refusal or f"{letter.step} is tried at once.",
    )


def _refusal(row: SagaTransaction | None) -> str | None:
    """Say why a saga would not be retried; None where it would."""
    if row is None:
        return "Its saga has no row."
    try:
        claim_of_row(row, uuid4())
    except (UnknownSaga, msgspec.ValidationError, ValueError) as error:
        return f"This process cannot read it: {error}."
    return not_retried(row)
