"""
The circuit breaker of a lane: while nobody answers on its other side, its sagas are left where they are.

What is claimed costs an attempt, and what fails a try. So a lane whose circuit is open claims nothing, but for one saga
every few seconds, as a probe. Each process finds out for itself: there is no state to share, and none that a death in
mid-probe could leave behind.
"""

import math
import time
from collections.abc import Callable, Mapping
from itertools import islice
from typing import TypeGuard
from uuid import UUID

from django.conf import settings
from prometheus_client import Gauge

from .messages import Unknown
from .progress import Outcome, Postponed

OPEN = Gauge(
    "saga_lane_circuit_open",
    "Whether a lane claims nothing but probes, because nobody answers on its other side",
    ["lane"],
    # Of the processes that live, the one that looked last.
    multiprocess_mode="livemostrecent",
)
FIRST_REST_SECONDS = 0.25
"""How long the first rest is; each one is twice as long as the last, up to SAGA_PROBE_SECONDS."""
GROWTH = 4
"""By how much the claims of a lane grow again with each that was answered, up to whole batches."""
WITNESSES = 2
"""How many sagas must have met silence, and none an answer, before it is nobody's own fault."""
FORGOTTEN_SECONDS = 60.0
"""After so long without a probe, because no saga was due, the circuit is closed again."""


class LaneCircuit:
    """Guards one lane, for one process."""

    def __init__(self, lane: str, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._opened = OPEN.labels(lane)
        self._clock = clock
        self.close()

    @property
    def is_open(self) -> bool:
        """Whether nobody has answered since several sagas met silence."""
        return bool(self._rests)

    def close(self) -> None:
        """Take it that all is well."""
        self._witnesses: set[UUID] = set()
        self._rests, self._rests_until, self._most = 0, -math.inf, math.inf
        self._opened.set(0)

    def limit(self, batch: int) -> int:
        """Return how many sagas to claim now: none while it rests, then one; a whole batch where all is well."""
        now = self._clock()
        if self.is_open and now > self._rests_until + FORGOTTEN_SECONDS:
            self.close()
        return 0 if now < self._rests_until else int(min(batch, self._most))

    def judged(self, outcomes: Mapping[UUID, tuple[Outcome, ...]]) -> dict[UUID, tuple[Outcome, ...]]:
        """
        Note what became of a claim, and return it as it counts.

        Silence that one saga alone has met opens nothing, and spends its try if it was asked for: it may be its own
        request that nobody survives.
        """
        silent = {saga_id: known[0] for saga_id, known in outcomes.items() if _is_silence(known[0])}
        self._witnesses |= set(islice(silent, WITNESSES - len(self._witnesses)))
        if silent and len(silent) == len(outcomes):
            self._heard_nothing()
        elif outcomes and not any(_asked(one) for one in silent.values()):
            # What a database alone has answered says nothing of a gateway that was silent beside it.
            self._heard()
        return {saga_id: tuple(map(self._counted, known)) for saga_id, known in outcomes.items()}

    def _heard_nothing(self) -> None:
        if len(self._witnesses) < WITNESSES:
            return
        rest = min(settings.SAGA_PROBE_SECONDS, FIRST_REST_SECONDS * 2.0**self._rests)
        self._rests = min(self._rests + 1, 30)
        self._rests_until, self._most = self._clock() + rest, 1
        self._opened.set(1)

    def _heard(self) -> None:
        most = self._most * GROWTH
        self.close()
        self._most = most

    def _counted(self, outcome: Outcome) -> Outcome:
        if _asked(outcome) and len(self._witnesses) < WITNESSES:
            return Unknown(error=outcome.error)
        return outcome


def _is_silence(outcome: Outcome) -> bool:
    return isinstance(outcome, Postponed) and not outcome.answered


def _asked(outcome: Outcome) -> TypeGuard[Postponed]:
    return isinstance(outcome, Postponed) and outcome.asked


def circuit_of(lane: str) -> LaneCircuit:
    """Return the circuit breaker of a lane in this process."""
    if lane not in CIRCUITS:
        CIRCUITS[lane] = LaneCircuit(lane)
    return CIRCUITS[lane]


def close_all() -> None:
    """Take it that all is well everywhere, as a new process does."""
    for circuit in CIRCUITS.values():
        circuit.close()


CIRCUITS: dict[str, LaneCircuit] = {}
