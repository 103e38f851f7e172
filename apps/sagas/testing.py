"""
For tests of sagas.

`Walk` reads a declaration with no database: given the data, expect each command, answer it. `drain` runs due sagas in
this process, in real databases, until nothing is due.
"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from apps.core.ids import new_id

from .calls import outcome_of
from .definition import Saga
from .execution import Failed, Progress, advance, start
from .lanes import run_batch
from .messages import Command, Direction, Reply, Unknown
from .orchestrator import Claim, call_of


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


def drain(lanes: Iterable[str], *, turns: int = 1000) -> int:
    """Run the lanes in turn until a round finds nothing due; return how many claims were worked on."""
    lanes, worked = list(lanes), 0
    for _ in range(turns):
        claimed = sum(run_batch(lane) for lane in lanes)
        if not claimed:
            return worked
        worked += claimed
    raise AssertionError(f"after {turns} rounds sagas are still due")
