"""How the saga ends orders: a batch at a time, in the engine's transaction."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from apps.orders.contracts import ConfirmOrder, OrderConfirmed, OrderRejected, RejectOrder
from apps.orders.models import Order
from apps.orders.statements import SQL
from apps.sagas import outbox

LONGEST_CODE = 100


class OrderCannotBeRejected(RuntimeError):
    """An order that is confirmed was asked to fail: a bug of the engine, which may not undo what is past the pivot."""


def confirm_orders(*, commands: Sequence[ConfirmOrder]) -> set[UUID]:
    """
    Confirm orders that are being processed, as paid, and announce it, inside the caller's transaction. Idempotent.

    Returns:
        The orders that are confirmed now, whether by this call or an earlier one. Orders that were closed otherwise,
        or do not exist, are missing, and nothing of them is changed.
    """
    asked = {command.order_id for command in commands}
    confirmed = _moved("confirm_orders", ids=list(asked))
    events = [OrderConfirmed(order_id=order_id, order_number=number) for order_id, number in confirmed.items()]
    outbox.publish(events, using="orders")
    return confirmed.keys() | _already(Order.Status.CONFIRMED, asked - confirmed.keys())


def reject_orders(*, commands: Sequence[RejectOrder]) -> None:
    """
    Close orders that are being processed as failed, with their reasons, and announce it, inside the caller's
    transaction. Idempotent: what is closed already stays as it is.

    Raises:
        OrderCannotBeRejected: one of them is confirmed; nothing is changed.
    """
    causes = {command.order_id: command for command in commands}
    rejected = _moved(
        "reject_orders",
        ids=list(causes),
        codes=[command.code[:LONGEST_CODE] for command in causes.values()],
        reasons=[command.reason for command in causes.values()],
    )
    if confirmed := _already(Order.Status.CONFIRMED, causes.keys() - rejected.keys()):
        raise OrderCannotBeRejected(f"confirmed orders cannot fail: {', '.join(map(str, confirmed))}")
    events = [
        OrderRejected(
            order_id=order_id, order_number=number, code=causes[order_id].code, reason=causes[order_id].reason
        )
        for order_id, number in rejected.items()
    ]
    outbox.publish(events, using="orders")


def _moved(statement: str, **values: list[Any]) -> dict[UUID, str]:
    """Run one of the set-based statements; return the number of each order that it moved."""
    return {row["id"]: row["order_number"] for row in SQL.rows(statement, **values)}


def _already(status: Order.Status, order_ids: Collection[UUID]) -> set[UUID]:
    """Return which of the orders have a status; no statement for none."""
    if not order_ids:
        return set()
    return set(Order.objects.using("orders").filter(id__in=order_ids, status=status).values_list("id", flat=True))
