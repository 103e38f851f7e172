"""What people ask of the sagas of one example, and what they were answered."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from apps.sagas import redriving, requests
from apps.sagas.dead_letters import Letters
from apps.sagas.requests import Answer
from ecommerce.testing.books import fetch


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One question, and an answer to it."""

    saga_id: UUID
    kind: str
    key: str
    actor: str
    step: str | None
    answer: Answer


def ask(saga_id: UUID, kind: str, *, key: str, actor: str, step: str | None = None) -> Asked:
    """Ask something of a saga under a key, for the first time or again."""
    answer = requests.ask(saga_id=saga_id, kind=kind, actor=actor, reason="For a test.", step=step, idempotency_key=key)
    return Asked(saga_id=saga_id, kind=kind, key=key, actor=actor, step=step, answer=answer)


def again(one: Asked) -> Asked:
    """Ask the same under the same key."""
    return ask(one.saga_id, one.kind, key=one.key, actor=one.actor, step=one.step)


def redrive(saga_ids: Sequence[UUID], *, run: str) -> int:
    """Have every open dead letter of these sagas tried once more, under a run's name; return how many were granted."""
    planned = [one for saga_id in saga_ids for one in redriving.plan(Letters(saga_id=saga_id), run=run)]
    driven = redriving.redrive(planned, run=run, actor="omar@example.com", reason="For a test.", wait=lambda _: None)
    return sum(one.granted for one in driven)


def wrong_answers(asked: Sequence[Asked]) -> Iterator[str]:
    """Say which questions were answered in two ways; that one waits is no answer yet."""
    first: dict[str, Answer] = {}
    for one in asked:
        if not one.answer.waits and first.setdefault(one.key, one.answer) != one.answer:
            yield f"{one.kind} of {one.saga_id} was answered {first[one.key]} and then {one.answer}"


def unanswered(asked: Sequence[Asked]) -> Iterator[str]:
    """Say which questions are not consumed, or were stored with another answer than was given."""
    stored = {
        key: (consumed, granted)
        for key, consumed, granted in fetch(
            "orders",
            "SELECT idempotency_key, consumed_at IS NOT NULL, (answer->>'granted')::bool"
            " FROM saga_requests WHERE idempotency_key = ANY(%s)",
            [one.key for one in asked],
        )
    }
    for one in asked:
        if one.key not in stored:
            yield f"{one.kind} of {one.saga_id} was never written down under {one.key}"
        elif not stored[one.key][0]:
            yield f"{one.kind} of {one.saga_id} was never answered"
        elif not one.answer.waits and stored[one.key][1] != one.answer.granted:
            yield f"{one.kind} of {one.saga_id} was answered {one.answer}, and {stored[one.key]} is stored"
