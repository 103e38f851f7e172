"""How the saga moves returns: a batch at a time, in the engine's transaction."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from apps.orders.contracts import AcceptReturn, CloseReturn, OrderRefunded, OrderReturned, ReopenReturn
from apps.orders.models import OrderReturn
from apps.orders.statements import SQL
from apps.sagas import outbox

from .returns import Status


class ReturnCannotBeReopened(RuntimeError):
    """An accepted return was asked to wait again: a bug of the engine, which may not undo what is past the pivot."""


class ReturnCannotBeClosed(RuntimeError):
    """A return was to be closed whose goods were never accepted: a bug, as its money must not have gone back."""


def accept_returns(*, commands: Sequence[AcceptReturn]) -> set[UUID]:
    """
    Take received goods for ours, say so on their orders and announce it, inside the caller's transaction. Idempotent.

    Pieces that did not arrive may be asked for again; a line and an order of which everything came back are `returned`.

    Returns:
        The receipts that are accepted now, by this call or an earlier one; others are missing, and nothing is changed.

    Source: statement sql/accept_returns.sql.
    """
    receipts = [command.receipt_id for command in commands]
    _lock_orders([command.return_id for command in commands])
    rows = SQL.rows("accept_returns", receipts=receipts)
    outbox.publish([_event(OrderReturned, row, "all_returned") for row in rows], using="orders")
    found = _accepted(receipts).values_list("receipt_id", flat=True)
    return {receipt_id for receipt_id in found if receipt_id}


def reopen_returns(*, commands: Sequence[ReopenReturn]) -> None:
    """
    Undo receipts, each with its reason, inside the caller's transaction. Idempotent: one that is undone is left alone.

    Raises:
        ReturnCannotBeReopened: one of them is accepted; nothing is changed.
    """
    receipts = [command.receipt_id for command in commands]
    _lock_orders([command.return_id for command in commands])
    if late := list(_accepted(receipts).values_list("return_number", flat=True)):
        raise ReturnCannotBeReopened(f"accepted returns cannot be undone: {', '.join(late)}")
    SQL.run("reopen_returns", receipts=receipts, reasons=[command.reason for command in commands])


def close_returns(*, commands: Sequence[CloseReturn]) -> None:
    """
    Note that the money of accepted returns went back, on their orders too, and announce it, inside the caller's
    transaction. Idempotent; a return for which no money was due is closed without an event.

    Raises:
        ReturnCannotBeClosed: the goods of one were never accepted; nothing is changed.

    Source: statement sql/close_returns.sql.
    """
    ids = [command.return_id for command in commands]
    _lock_orders(ids)
    rows = SQL.rows("close_returns", ids=ids)
    refunded = [row for row in rows if row["refund_amount"]]
    outbox.publish(
        [_event(OrderRefunded, row, "refund_amount", "currency", "financial_status") for row in refunded],
        using="orders",
    )
    open_ = OrderReturn.objects.using("orders").filter(id__in=ids).exclude(status=Status.CLOSED)
    if numbers := list(open_.values_list("return_number", flat=True)):
        raise ReturnCannotBeClosed(f"these returns were never accepted: {', '.join(numbers)}")


def _accepted(receipts: Sequence[UUID]) -> "QuerySet[OrderReturn]":
    """Return the returns whose goods are ours by these receipts."""
    return OrderReturn.objects.using("orders").filter(
        receipt_id__in=receipts, status__in=[Status.RECEIVED, Status.CLOSED]
    )


def _lock_orders(return_ids: Sequence[UUID]) -> None:
    """Lock the orders in the order of their ids; the next statement sees what was committed until then."""
    SQL.rows("lock_returned_orders", ids=return_ids)


def _event(kind: type[Any], row: dict[str, Any], *fields: str) -> Any:
    return kind(**{name: row[name] for name in ("order_id", "return_id", "return_number", *fields)})
