"""Waiting for an order to come to its end, without holding a connection or a transaction meanwhile."""

import time
from collections.abc import Callable, Iterator
from uuid import UUID

from django.db import connections

from apps.orders import selectors
from apps.orders.buyers import Buyer
from apps.orders.selectors import OrderStatus

FIRST_PAUSE_SECONDS = 0.015
LONGEST_PAUSE_SECONDS = 0.25
GROWTH = 1.3


def statuses(
    *, order_id: UUID, buyer: Buyer, seconds: float, pause: Callable[[float], None] = time.sleep
) -> Iterator[OrderStatus]:
    """
    Give an order's status now and then, often at first, until it has come to its end or the time is up.

    The first status comes at once. Raises OrderNotFound.
    """
    ends_at, next_pause = time.monotonic() + seconds, FIRST_PAUSE_SECONDS
    while True:
        status = selectors.get_order_status(order_id=order_id, buyer=buyer)
        yield status
        left = ends_at - time.monotonic()
        if not status.is_under_way or left <= 0:
            return
        give_back_connection()
        pause(min(next_pause, left))
        next_pause = min(next_pause * GROWTH, LONGEST_PAUSE_SECONDS)


def give_back_connection() -> None:
    """Let others use the pooled connection while nobody here does."""
    connection = connections["orders"]
    if not connection.in_atomic_block:
        connection.close()
