"""
For tests of sagas.

`Walk` reads a declaration with no database: given the data, expect each command, answer it. `drain` runs due sagas in
this process, in real databases, until nothing is due. `Deliveries` stands in for the engine before the external effects
of one participant, so that a test can stop between two commits.
"""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from apps.core.ids import new_id

from . import circuits
from .calls import outcome_of
from .definition import Saga
from .execution import advance, start
from .lanes import run_batch
from .messages import Call, Command, Direction, Reply, Unknown
from .models import ArchivedSaga, SagaRow, SagaTransaction
from .orchestrator import Claim, call_of
from .participant import External, Participant
from .progress import Failed, Progress
from .verification import Finding, broken


class Walk:
    """One saga, walked by hand: `expect` the next command, then `reply` to it."""

    def __init__(self, saga: Saga, data: Any) -> None:
        self.saga, self.data = saga, data
        self.progress: Progress = start(saga)
        self.saga_id: UUID = new_id()

    def expect(self, command: Command) -> "Walk":
        """Assert that this very command is next."""
        assert self.next_command() == command
        return self

    def next_command(self) -> Command:
        """Return the command of the step under the cursor."""
        claim = Claim(
            saga_id=self.saga_id,
            saga=self.saga,
            order_id=self.saga_id,
            progress=self.progress,
            data=self.data,
            attempt=1,
            epoch=0,
            lease=self.saga_id,
        )
        command: Command = call_of(claim, self.progress).command
        return command

    def reply(self, reply: Reply | Unknown | Failed) -> "Walk":
        """Answer the step under the cursor."""
        outcome = outcome_of(reply) if isinstance(reply, Reply) else reply
        self.progress = advance(self.saga, self.progress, outcome, jitter=0.5).progress
        return self

    @property
    def step(self) -> tuple[str, Direction]:
        """The name of the step under the cursor, and the direction."""
        return self.saga.steps[self.progress.step].name, self.progress.direction


def broken_histories(*ids: UUID | str) -> list[Finding]:
    """
    Return what is wrong with the histories of these sagas, whatever others a test left behind.

    Args:
        ids: each a saga's own, or that of its order; a saga of each must be there.
    """
    wanted = {UUID(str(one)) for one in ids}
    kinds: tuple[type[SagaRow], ...] = (SagaTransaction, ArchivedSaga)
    rows = [row for kind in kinds for row in kind._default_manager.filter(Q(id__in=wanted) | Q(order_id__in=wanted))]
    missing = wanted - {one for row in rows for one in (row.id, row.order_id)}
    assert not missing, f"no saga has the id or the order {', '.join(map(str, sorted(missing)))}"
    return broken(rows)


def drain(lanes: Iterable[str], *, turns: int = 1000) -> int:
    """Run the lanes in turn, as a new process, until a round finds nothing due; return how many claims there were."""
    circuits.close_all()
    lanes, worked = list(lanes), 0
    for _ in range(turns):
        claimed = sum(run_batch(lane) for lane in lanes)
        if not claimed:
            return worked
        worked += claimed
    raise AssertionError(f"after {turns} rounds sagas are still due")


class Deliveries:
    """Calls of one participant's external commands, delivered as the engine does: each part in a commit of its own."""

    def __init__(self, participant: Participant) -> None:
        self.participant = participant

    def prepare(self, calls: Sequence[Call[Any]]) -> list[Any]:
        """Note the intents; return the work left to do for each call, or its reply."""
        with transaction.atomic(using=self.participant.database):
            return list(self._external(calls).prepare(calls))

    def perform(self, calls: Sequence[Call[Any]], works: Sequence[Any]) -> list[Any]:
        """Act; return what the outside world said to each work."""
        return list(self._external(calls).perform(works))

    def record(self, calls: Sequence[Call[Any]], works: Sequence[Any], results: Sequence[Any]) -> list[Reply | Unknown]:
        """Note the results; return one reply a work."""
        with transaction.atomic(using=self.participant.database):
            return list(self._external(calls).record(works, results))

    def deliver(self, *calls: Call[Any]) -> list[Reply | Unknown]:
        """Handle a batch, all of one kind of command; return its replies in order."""
        prepared = self.prepare(calls)
        works = [work for work in prepared if not isinstance(work, Reply)]
        replies = iter(self.record(calls, works, self.perform(calls, works)) if works else [])
        return [work if isinstance(work, Reply) else next(replies) for work in prepared]

    def _external(self, calls: Sequence[Call[Any]]) -> External[Any, Any, Any]:
        return self.participant.external(type(calls[0].command))
