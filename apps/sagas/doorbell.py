"""
The doorbell: tell the workers of a lane that something is due.

It carries no state and may be lost, doubled or late: workers also look by themselves. So nobody ever waits for the
broker: a thread of this process rings, many rings become one, and while the broker does not answer nothing is sent.
"""

import atexit
import logging
import os
import threading
import time
from collections.abc import Iterable

from amqp.exceptions import AMQPError
from celery import Celery, current_app
from kombu.exceptions import OperationalError
from prometheus_client import Counter
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

RINGS = Counter("saga_rings_total", "Doorbell messages, by what became of them", ["lane", "result"])
EXPIRES_SECONDS = 30
BREAKER_SECONDS = 2.0

BROKER_TROUBLE = (OperationalError, RedisError, AMQPError, OSError)


class Doorbell:
    """Rings lanes from one background thread; `ring` returns at once, whatever the broker does."""

    def __init__(self, app: Celery = current_app, *, breaker_seconds: float = BREAKER_SECONDS) -> None:
        self._app = app
        self._breaker_seconds = breaker_seconds
        self._condition = threading.Condition()
        self._lanes: set[str] = set()
        self._thread: threading.Thread | None = None
        self._pid = 0
        self._ringing = False
        # A fork copies a lock as it stands, and leaves behind the thread that would release it.
        os.register_at_fork(after_in_child=self._forget_parent)

    def _forget_parent(self) -> None:
        self._condition, self._lanes, self._pid, self._ringing = threading.Condition(), set(), 0, False

    def ring(self, lanes: Iterable[str]) -> None:
        """Have these lanes rung soon."""
        with self._condition:
            self._lanes.update(lanes)
            if self._pid != os.getpid():
                self._start()
            self._condition.notify_all()

    def flush(self, timeout_seconds: float = 1.0) -> None:
        """Wait until what was asked has been sent or given up, at most so long."""
        with self._condition:
            self._condition.wait_for(lambda: not self._lanes and not self._ringing, timeout_seconds)

    def _start(self) -> None:
        """Start the thread of this process: a fork does not inherit its parent's."""
        self._pid, self._ringing = os.getpid(), False
        self._thread = threading.Thread(target=self._run, name="doorbell", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        while True:
            with self._condition:
                self._condition.wait_for(lambda: self._lanes)
                lanes, self._lanes, self._ringing = self._lanes, set(), True
            answered = all(send(self._app, lane) for lane in sorted(lanes))
            with self._condition:
                self._ringing = False
                self._condition.notify_all()
            if not answered:
                time.sleep(self._breaker_seconds)


def send(app: Celery, lane: str) -> bool:
    """Ring one lane now; return whether the broker took it."""
    try:
        app.send_task(
            "sagas.run_lane",
            args=[lane],
            queue=f"lane.{lane}",
            retry=False,
            ignore_result=True,
            expires=EXPIRES_SECONDS,
        )
    except BROKER_TROUBLE as error:
        RINGS.labels(lane, "failed").inc()
        logger.warning("doorbell_failed", extra={"lane": lane, "error": str(error)})
        return False
    RINGS.labels(lane, "sent").inc()
    return True


DOORBELL = Doorbell()
ring = DOORBELL.ring
atexit.register(DOORBELL.flush)
