"""A worker of lanes without Celery: the same function, in a loop of its own."""

import logging
import signal
import threading
from collections.abc import Sequence
from types import FrameType

from django.db import Error, connections

from .lanes import run_lane

logger = logging.getLogger(__name__)

BUSY_POLL_SECONDS = 0.05
IDLE_POLL_SECONDS = 0.5
TROUBLE_SECONDS = 1.0


class Worker:
    """
    Works on lanes until it is told to stop; finishes the batch it holds first.

    It looks every 50 ms while there is work, and every half second when there has been none for a while.
    """

    def __init__(self, lanes: Sequence[str]) -> None:
        self.lanes = lanes
        self._stop = threading.Event()

    def stop(self, *_: int | FrameType | None) -> None:
        """Finish the current batch, then end; usable as a signal handler."""
        self._stop.set()

    def run(self, *, once: bool = False) -> int:
        """Work until stopped, or, with `once`, until nothing is due; return how many claims were worked on."""
        signal.signal(signal.SIGTERM, self.stop)
        signal.signal(signal.SIGINT, self.stop)
        total, idle_seconds = 0, BUSY_POLL_SECONDS
        while not self._stop.is_set():
            worked = self._round()
            total += worked
            if once and not worked:
                break
            idle_seconds = BUSY_POLL_SECONDS if worked else min(IDLE_POLL_SECONDS, idle_seconds * 1.5)
            if not worked:
                self._stop.wait(idle_seconds)
        connections.close_all()
        return total

    def _round(self) -> int:
        try:
            return sum(run_lane(lane, seconds=1.0) for lane in self.lanes if not self._stop.is_set())
        except Error as error:
            logger.warning("saga_database_unreachable", extra={"error": str(error)})
            self._stop.wait(TROUBLE_SECONDS)
            return 0
