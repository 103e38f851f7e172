"""What may happen to a worker at a named place: it dies, fails, loses its databases, is overtaken, or falls asleep."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connections

from apps.core import failpoints
from apps.core.failpoints import Failpoint

IN_ITS_TRANSACTION = {
    "catalog": ("before_participant_commit",),
    "payments": ("before_intent_commit", "before_record_commit"),
    "notifications": ("before_intent_commit", "before_record_commit"),
    "orders": (),
}
"""Where a worker of a lane stands in a transaction of the lane's participant."""
BETWEEN_TWO = {
    "catalog": ("after_claim", "after_participant_commit", "after_settle"),
    "payments": ("after_claim", "after_intent", "after_perform", "after_record", "after_settle", "after_fence"),
    "notifications": (
        "after_claim",
        "after_intent",
        "after_perform",
        "after_record",
        "after_settle",
        "mails_marked_sending",
        "mails_handed_over",
    ),
    "orders": ("after_claim", "after_settle"),
}
"""Where it stands in none: who sleeps there keeps nobody waiting."""
POINTS = {lane: (*IN_ITS_TRANSACTION[lane], "before_settle_commit", *BETWEEN_TWO[lane]) for lane in BETWEEN_TWO}


class Died(BaseException):
    """A worker's death, as one process can play it: nobody handles it, and its connections are gone."""


class Broken(ValueError):
    """A handler's own error."""


def die() -> None:
    raise Died


def fail() -> None:
    raise Broken("a plate fell")


def hang_up() -> None:
    """Close this thread's connections for good: a pool would keep one that was cut until it finds out."""
    for wrapper in connections.all(initialized_only=True):
        if wrapper.connection is not None:
            wrapper.connection.close()
        wrapper.close()


class Surprise(Failpoint):
    """Acts at the first pass of a place, and then never again."""

    def __init__(self, act: Callable[[], None]) -> None:
        super().__init__("surprise", 0.0, 1)
        self.act = act

    def reach(self, name: str) -> None:
        self.passes += 1
        if self.passes == self.hit:
            self.act()


@contextmanager
def surprised(point: str, act: Callable[[], None]) -> Iterator[None]:
    """Have a worker surprised at a place for the length of a block; a death ends the block, as it ends a worker."""
    failpoints.ACTIVE[point] = Surprise(act)
    try:
        yield
    except Died:
        connections.close_all()
    finally:
        failpoints.ACTIVE.pop(point, None)


class Worker:
    """Another worker: a thread with connections of its own."""

    def __init__(self, work: Callable[[], object]) -> None:
        self.work = work
        self.errors: list[BaseException] = []
        self.thread = threading.Thread(target=self._run, daemon=True)

    def _run(self) -> None:
        try:
            self.work()
        except BaseException as error:  # noqa: BLE001 the machine must hear of it, whatever it is
            self.errors.append(error)
        finally:
            self._end()

    def _end(self) -> None:
        connections.close_all()

    def join(self) -> None:
        """Wait for its end, and raise what it raised."""
        self.thread.join()
        for error in self.errors:
            raise error


def elsewhere(work: Callable[[], object]) -> None:
    """Do some work as another worker would, while this one waits."""
    other = Worker(work)
    other.thread.start()
    other.join()


class Sleeper(Worker):
    """A worker that falls asleep at a named place, and goes on where it was when it is woken, however late."""

    def __init__(self, work: Callable[[], object], point: str) -> None:
        super().__init__(work)
        self.point = point
        self._stopped, self._woken = threading.Event(), threading.Event()
        self.sleeps = False

    def fall_asleep(self) -> bool:
        """Start it; return whether it came to the place, or has finished its work without passing it."""
        failpoints.ACTIVE[self.point] = Surprise(self._sleep)
        self.thread.start()
        self._stopped.wait()
        failpoints.ACTIVE.pop(self.point, None)
        if not self.sleeps:
            self.join()
        return self.sleeps

    def wake(self) -> None:
        """Let it go on, to its end."""
        self._woken.set()
        self.join()

    def _sleep(self) -> None:
        self.sleeps = True
        self._stopped.set()
        self._woken.wait()

    def _end(self) -> None:
        super()._end()
        self._stopped.set()
