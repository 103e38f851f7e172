"""Many at once: real threads, each with connections of its own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from django.db import connections

from apps.core.exceptions import DomainError

START_SECONDS = 30


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """
    Make each call in a thread of its own, all starting together.

    Returns:
        What each returned, or the DomainError with which it refused; in the order of the calls.

    Raises:
        Whatever else one of them raised.
    """
    start = Barrier(len(calls))

    def run(call: Callable[[], Any]) -> Any:
        start.wait(timeout=START_SECONDS)
        try:
            return call()
        except DomainError as refusal:
            return refusal
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(calls)) as threads:
        return [future.result() for future in [threads.submit(run, call) for call in calls]]
