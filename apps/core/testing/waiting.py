"""Waiting for what happens elsewhere."""

import time
from collections.abc import Callable

LOOK_SECONDS = 0.02


def eventually(
    condition: Callable[[], object],
    *,
    seconds: float = 10.0,
    what: str = "the condition",
    look_seconds: float = LOOK_SECONDS,
) -> None:
    """Wait until a condition holds, looking every 20 ms unless told otherwise."""
    stop_at = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > stop_at:
            raise AssertionError(f"{what} did not hold within {seconds} s")
        time.sleep(look_seconds)
