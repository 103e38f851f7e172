"""A circuit breaker: what does not answer is left alone for a while, so it costs one time-out, not one a request."""

import time
from collections.abc import Callable
from typing import TypeVar

from django_redis.exceptions import ConnectionInterrupted
from redis.exceptions import RedisError

T = TypeVar("T")


class CircuitOpen(ConnectionError):
    """The service failed a moment ago and is not asked again yet."""


class Circuit:
    """
    Guards calls to one service, for one process.

    After a failure calls fail at once for `rest_seconds`; then one call tries again, while the others still fail.
    """

    def __init__(
        self,
        *,
        failures: tuple[type[Exception], ...],
        rest_seconds: float = 5.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._failures = failures
        self._rest_seconds = rest_seconds
        self._clock = clock
        self._closed_again_at: float | None = None

    def call(self, function: Callable[[], T]) -> T:
        """
        Call the function, unless the circuit is open.

        Raises:
            CircuitOpen: the service rests; it was not called.
            Exception: one of `failures`, as the function raised it; the circuit is open from now on.
        """
        if self._closed_again_at is not None:
            if self._clock() < self._closed_again_at:
                raise CircuitOpen
            # This call is the trial; the others go on failing until it is back.
            self._closed_again_at = self._clock() + self._rest_seconds
        try:
            result = function()
        except self._failures:
            self._closed_again_at = self._clock() + self._rest_seconds
            raise
        self._closed_again_at = None
        return result

    def reset(self) -> None:
        """Forget that the service ever failed."""
        self._closed_again_at = None


CACHE_UNREACHABLE = (ConnectionInterrupted, RedisError, OSError)
CACHE = Circuit(failures=CACHE_UNREACHABLE)
"""Guards the cache."""
