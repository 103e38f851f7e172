"""Dead letters: which of them are meant, and how a person's word closes them. The engine's own hand is the settle."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from apps.core import clock

from .definition import Saga
from .models import SagaDeadLetter
from .progress import SPENT, Progress


def count_open_dead_letters() -> int:
    """Return how many steps spent their tries and wait for a person."""
    return SagaDeadLetter.objects.filter(state="open").count()


ERROR_CLASS = r"^([A-Za-z_]\w*):"
"""How an error begins that names its class: an exception's, or the code of a refusal."""
OTHER = "other"


def error_class(error: str) -> str:
    """Return the class that a dead letter's error names: an exception's name, or a refusal's code; else `other`."""
    named = re.match(ERROR_CLASS, error)
    return named[1] if named else OTHER


@dataclass(frozen=True, slots=True, kw_only=True)
class Letters:
    """Which dead letters are meant: those that fit everything that is given."""

    saga_id: UUID | None = None
    step: str | None = None
    error_class: str | None = None
    text: str | None = None
    state: str = SagaDeadLetter.State.OPEN

    def found(self) -> QuerySet[SagaDeadLetter]:
        """Return them, the oldest first."""
        found = SagaDeadLetter.objects.filter(state=self.state).order_by("first_at", "id")
        if self.saga_id:
            found = found.filter(saga_id=self.saga_id)
        if self.step:
            found = found.filter(step=self.step)
        if self.error_class == OTHER:
            found = found.exclude(error__regex=ERROR_CLASS)
        elif self.error_class:
            found = found.filter(error__startswith=f"{self.error_class}:")
        return found.filter(error__icontains=self.text) if self.text else found


def list_dead_letters(letters: Letters, *, limit: int | None = 100) -> list[SagaDeadLetter]:
    """Return dead letters, the oldest first, at most `limit`."""
    return list(letters.found()[:limit])


def resolve(letters: Letters, *, actor: str, reason: str, but: Sequence[str] = ()) -> None:
    """Close these dead letters in the name of whoever asked, but for those of the steps named in `but`."""
    letters.found().exclude(step__in=but).update(
        state=SagaDeadLetter.State.RESOLVED,
        resolved_at=clock.now(),
        resolved_by=actor,
        reason=reason,
        next_try_at=None,
    )


def resolve_unreadable(saga_id: UUID, saga: Saga, progress: Progress, *, actor: str, reason: str) -> None:
    """Close what was open because nobody could read the saga; a step that spent its tries keeps its dead letter."""
    spent = [step.name for step, state in zip(saga.steps, progress.states, strict=True) if state in SPENT]
    resolve(Letters(saga_id=saga_id), actor=actor, reason=reason, but=spent)
