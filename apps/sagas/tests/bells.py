"""Something to be judged that is no saga: bells, which one check listens to."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import OperationalError

from apps.core.ids import moment_of, new_id
from apps.sagas.audit import Finding, Page


def cast() -> list[UUID]:
    """Five bells, each a millisecond younger than the one before it."""
    return sorted(UUID(int=new_id().int - (ago << 80)) for ago in range(5))


@dataclass
class Bells:
    """Bells that a check of this test's own listens to."""

    ids: list[UUID] = field(default_factory=cast)
    cracked: set[UUID] = field(default_factory=set)
    mended_at_second_look: set[UUID] = field(default_factory=set)
    is_away: bool = False
    cast_at: datetime | None = None
    heard: list[UUID] = field(default_factory=list)

    def read(self, position: str, limit: int) -> Page:
        left = [one for one in self.ids if not position or one > UUID(position)][:limit]
        is_last = len(left) < limit
        until = moment_of(left[-1]) if left else self.cast_at
        return Page(left, str(left[-1]) if left else position, is_last, self.cast_at if is_last else until)

    def ring(self, ids):
        if self.is_away:
            raise OperationalError("the tower is away")
        self.heard += ids
        found = [Finding("I13", one, "it is cracked") for one in ids if one in self.cracked]
        self.cracked -= self.mended_at_second_look
        return found
