"""A worker that dies at a named place, in a process of its own."""

import os
import signal

from apps.core import failpoints
from apps.core.failpoints import Failpoint
from apps.sagas.testing import drain
from ecommerce.testing.books import fetch
from ecommerce.testing.stack import LANES

BROKEN = 3


def work_and_die(point: str, *, at_pass: int) -> bool:
    """Work on all lanes in a child that is killed at that pass of that point; return whether it died there."""
    child = os.fork()
    if child == 0:
        failpoints.ACTIVE[point] = Failpoint("kill", 0.0, at_pass)
        try:
            drain(LANES)
        except BaseException:  # noqa: BLE001 a child must never come back into the test
            os._exit(BROKEN)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert not os.WIFEXITED(status) or os.WEXITSTATUS(status) != BROKEN, (
        f"the worker failed instead of dying at {point}"
    )
    return os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL


def recover(order_id: object) -> None:
    """Work as another worker would when the leases of the dead have run out, until the order's saga has ended."""
    for _ in range(20):
        fetch(
            "orders",
            "UPDATE saga_transactions SET due_at = clock_timestamp()"
            " WHERE order_id = %s AND finished_at IS NULL RETURNING id",
            order_id,
        )
        drain(LANES)
        if fetch("orders", "SELECT finished_at IS NOT NULL FROM saga_transactions WHERE order_id = %s", order_id)[0][0]:
            return
    raise AssertionError(f"the saga of order {order_id} does not end")
