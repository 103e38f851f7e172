"""Workers that meet trouble at a named place, each in a process of its own, and the worker that comes after them."""

import os
import signal
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from django.db import Error

from apps.core import failpoints
from apps.core.failpoints import Failpoint, FailpointReached
from apps.sagas.participant import PARTICIPANTS
from apps.sagas.testing import drain
from ecommerce.testing.books import fetch
from ecommerce.testing.stack import LANES

DONE, FAILED, MISSED, BROKEN = range(4)
SHORT_LEASE_SECONDS = 0.1
"""A frozen worker keeps its locks until the server ends its session, when its lease is over."""


class End(StrEnum):
    """What became of a worker."""

    KILLED = "killed"
    STOPPED = "stopped"
    DONE = "done"
    FAILED = "failed"
    """An error ended its work: what it did not settle comes due again."""
    MISSED = "missed"
    """It found nothing more to do, and never came so often to the place."""


@dataclass(frozen=True)
class Child:
    """A worker in a process of its own."""

    pid: int

    def end(self) -> End:
        """Wait until it ends or is frozen."""
        _, status = os.waitpid(self.pid, os.WUNTRACED)
        if os.WIFSTOPPED(status):
            return End.STOPPED
        if os.WIFSIGNALED(status):
            assert os.WTERMSIG(status) == signal.SIGKILL
            return End.KILLED
        code = os.WEXITSTATUS(status)
        assert code != BROKEN, "the worker broke; what it said stands in the captured output"
        return {DONE: End.DONE, FAILED: End.FAILED, MISSED: End.MISSED}[code]

    def thaw(self) -> End:
        """Let it go on where it was frozen, to its end."""
        os.kill(self.pid, signal.SIGCONT)
        return self.end()

    def kill(self) -> None:
        """Kill it, frozen or not, unless it has ended."""
        try:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        except (ProcessLookupError, ChildProcessError):
            return


def forked(work: Callable[[], object], *, point: str = "", action: str = "", at_pass: int = 1) -> Child:
    """Work in a child that does `action` at that pass of that point."""
    pid = os.fork()
    if pid:
        return Child(pid)
    code, trap = DONE, Failpoint(action, 0.0, at_pass)
    failpoints.ACTIVE[point] = trap
    try:
        work()
    except (FailpointReached, Error):
        code = FAILED
    except BaseException:  # noqa: BLE001 a child must never come back into the test
        traceback.print_exc(file=sys.__stderr__)
        code = BROKEN
    os._exit(MISSED if code == DONE and point and trap.passes < at_pass else code)


def work() -> None:
    """Work on all lanes until nothing is due."""
    drain(LANES)


def work_with_short_leases() -> None:
    """Work on all lanes, with leases that are over soon."""
    for participant in PARTICIPANTS.values():
        participant.lease_seconds = SHORT_LEASE_SECONDS
    drain(LANES)


def work_and_die(point: str, *, at_pass: int) -> bool:
    """Work on all lanes in a child that is killed at that pass of that point; return whether it died there."""
    return work_and_meet(point, "kill", at_pass=at_pass) is End.KILLED


def work_and_meet(point: str, action: str, *, at_pass: int = 1) -> End:
    """Work on all lanes in a child that does `action` at that pass of that point; return what became of it."""
    return forked(work, point=point, action=action, at_pass=at_pass).end()


def recover(order_id: object) -> None:
    """Work as another worker would when the leases of the dead have run out, until the order's sagas have ended."""
    for _ in range(20):
        fetch(
            "orders",
            "UPDATE saga_transactions SET due_at = clock_timestamp()"
            " WHERE order_id = %s AND finished_at IS NULL RETURNING id",
            order_id,
        )
        drain(LANES)
        ended = "SELECT every(finished_at IS NOT NULL) FROM saga_transactions WHERE order_id = %s"
        if fetch("orders", ended, order_id)[0][0]:
            return
    raise AssertionError(f"the sagas of order {order_id} do not end")
