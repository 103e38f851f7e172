"""One process a database. Threads would not do: Django counts the fields of models in a shared counter."""

import multiprocessing
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import Any

from .outcome import Outcome, first_line


def in_processes(work: Callable[..., Outcome], calls: Sequence[tuple[Any, ...]]) -> list[Outcome]:
    """
    Call `work` with each tuple of arguments, the first of them an alias, all at once; return the outcomes in order.

    The processes are forked, so they start in milliseconds with Django loaded; each opens its own connection.
    """
    context = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(max_workers=len(calls), mp_context=context) as executor:
        futures = [executor.submit(work, *arguments) for arguments in calls]
    return [
        future.result() if (error := future.exception()) is None else Outcome(arguments[0], error=first_line(error))
        for future, arguments in zip(futures, calls, strict=True)
    ]
