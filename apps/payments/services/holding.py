"""Promising money to returns: a refund is held before the goods are taken in, so that it cannot fail afterwards."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from apps.core.exceptions import DomainError
from apps.core.ids import new_id
from apps.payments.contracts import ReceiptCommand
from apps.payments.statements import SQL

NOTHING = Decimal(0)


class RefundAlreadyReleased(DomainError):
    """The receipt gave its promise back before; it is neither held again nor paid."""

    code = "refund_already_released"


class RefundAlreadyAsked(DomainError):
    """The gateway was asked for the refund already: it is past undoing."""

    code = "refund_already_asked"


@dataclass(slots=True, kw_only=True)
class Refundable:
    """What is left to give back of one order's payment, and the charge it came by; counted down as it is promised."""

    order_id: UUID
    payment_id: UUID
    attempt_id: UUID
    currency: str
    available: Decimal


def hold_refunds(*, asked: Sequence[ReceiptCommand]) -> dict[UUID, Decimal]:
    """
    Promise each receipt its amount, or refuse it, in the caller's transaction; idempotent, four statements.

    Payments are locked in the order of their ids, and requests served in the order given, so that of two that want the
    last of a payment one gets it.

    Args:
        asked: each receipt once; who asks for zero is promised nothing.

    Returns:
        What is left of the payment, by receipt, for those that want more; they hold nothing. Zero where the order has
        no captured payment in that currency.

    Raises:
        RefundAlreadyReleased: a receipt gave its promise back before; nothing of the batch is held.

    Source: captured - refunded, docs/payments.md; statement sql/read_refundable.sql.
    """
    asked = [ask for ask in asked if ask.amount]
    left, found = _locked(asked)
    refused: dict[UUID, Decimal] = {}
    held: list[tuple[ReceiptCommand, Refundable]] = []
    for ask in asked:
        if ask.receipt_id in found:
            continue
        source = left.get(ask.order_id)
        if source is None or source.currency != ask.currency or source.available < ask.amount:
            refused[ask.receipt_id] = source.available if source and source.currency == ask.currency else NOTHING
            continue
        source.available -= ask.amount
        held.append((ask, source))
    _insert(held, state="held")
    return refused


def release_refunds(*, asked: Sequence[ReceiptCommand]) -> None:
    """
    Take promises back, in the caller's transaction; idempotent. Where none was given, its tombstone is left.

    Raises:
        RefundAlreadyAsked: the gateway was asked for one of them; nothing of the batch is released.
    """
    asked = [ask for ask in asked if ask.amount]
    left, found = _locked(asked, refuse_released=False)
    if late := sorted(str(receipt) for receipt, state in found.items() if state in ("calling", "succeeded")):
        raise RefundAlreadyAsked(f"The gateway was asked for the refunds of {', '.join(late)}.", receipt_ids=late)
    SQL.run("release_refunds", receipt_ids=[ask.receipt_id for ask in asked])
    _insert(
        [(ask, left[ask.order_id]) for ask in asked if ask.receipt_id not in found and ask.order_id in left],
        state="released",
    )


def promise_anew(*, asked: Sequence[ReceiptCommand]) -> None:
    """Promise what was promised before and is lost, whatever is left; who has no captured payment gets nothing."""
    left = _refundable([ask.order_id for ask in asked])
    _insert([(ask, left[ask.order_id]) for ask in asked if ask.order_id in left], state="held")


def _refundable(order_ids: Sequence[UUID]) -> dict[UUID, Refundable]:
    return {one.order_id: one for one in SQL.rows("read_refundable", Refundable, order_ids=order_ids)}


def _locked(
    asked: Sequence[ReceiptCommand], *, refuse_released: bool = True
) -> tuple[dict[UUID, Refundable], Mapping[UUID, str]]:
    """Lock the payments; return what is left of each, by order, and the state of each refund known, by receipt."""
    order_ids = [ask.order_id for ask in asked]
    SQL.run("lock_payments", order_ids=order_ids)
    # Statements of their own: they see what was committed while the locks were waited for.
    left = _refundable(order_ids)
    rows = SQL.rows("read_refunds", receipt_ids=[ask.receipt_id for ask in asked])
    found = {row["receipt_id"]: row["state"] for row in rows}
    released = sorted(str(receipt) for receipt, state in found.items() if state == "released")
    if released and refuse_released:
        raise RefundAlreadyReleased(f"These receipts were undone: {', '.join(released)}.", receipt_ids=released)
    return left, found


def _insert(held: Sequence[tuple[ReceiptCommand, Refundable]], *, state: str) -> None:
    if held:
        SQL.run(
            "insert_refunds",
            state=state,
            ids=[new_id() for _ in held],
            payment_ids=[source.payment_id for _, source in held],
            attempt_ids=[source.attempt_id for _, source in held],
            return_ids=[ask.return_id for ask, _ in held],
            receipt_ids=[ask.receipt_id for ask, _ in held],
            amounts=[ask.amount for ask, _ in held],
            currencies=[ask.currency for ask, _ in held],
            reasons=[ask.reason for ask, _ in held],
        )
