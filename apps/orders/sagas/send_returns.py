"""What the saga of a return carries, and the commands it builds from it. Pure: no Django."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from apps.catalog import contracts as catalog
from apps.notifications import contracts as notifications
from apps.orders import contracts as orders
from apps.payments import contracts as payments
from apps.sagas.definition import Cause, Waiver


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedLine:
    """
    Pieces of one line that arrived; `quantity` at least 1, `refund` their share of the money.

    `restocks` is whether they can be sold again; `variant_id` is None where the order never named one.
    """

    variant_id: UUID | None
    quantity: int
    restocks: bool
    refund: Decimal
    title: str
    variant_title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnOrder:
    """
    What carrying a return out needs to know, as staff received it. Amounts in `currency` (ISO 4217).

    `receipt_id` is this act of receiving, the saga's subject. Each variant stands in one line.
    """

    order_id: UUID
    order_number: str
    return_id: UUID
    return_number: str
    receipt_id: UUID
    email: str
    currency: str
    reason: str
    shipping_amount: Decimal
    refund_amount: Decimal
    lines: tuple[ReceivedLine, ...]


def reopen_return(goods: ReturnOrder, cause: Cause) -> orders.ReopenReturn:
    """Let staff receive the goods anew."""
    return orders.ReopenReturn(return_id=goods.return_id, receipt_id=goods.receipt_id, reason=cause.message)


def hold_refund(goods: ReturnOrder) -> payments.HoldRefund:
    """Have the money promised."""
    return payments.HoldRefund(**_of_receipt(goods))


def release_refund(goods: ReturnOrder, cause: Cause) -> payments.ReleaseRefund:
    """Give the promise back."""
    return payments.ReleaseRefund(**_of_receipt(goods))


def accept_return(goods: ReturnOrder) -> orders.AcceptReturn:
    """Make the goods ours."""
    return orders.AcceptReturn(return_id=goods.return_id, receipt_id=goods.receipt_id)


def restock_goods(goods: ReturnOrder) -> catalog.RestockGoods:
    """Put back what can be sold again."""
    lines = tuple(
        catalog.StockLine(variant_id=line.variant_id, quantity=line.quantity)
        for line in goods.lines
        if line.restocks and line.variant_id
    )
    return catalog.RestockGoods(
        order_id=goods.order_id, return_id=goods.return_id, note=goods.return_number, lines=lines
    )


def refund_return(goods: ReturnOrder) -> payments.RefundReturn:
    """Give the money back."""
    return payments.RefundReturn(**_of_receipt(goods))


def waive_refund(goods: ReturnOrder, waiver: Waiver) -> payments.WaiveRefund:
    """Let the ledger say who gave up giving the money back."""
    return payments.WaiveRefund(
        **_of_receipt(goods),
        proposed_by=waiver.proposed_by,
        approved_by=waiver.approved_by,
        waived_because=waiver.reason,
    )


def _of_receipt(goods: ReturnOrder) -> dict[str, Any]:
    """Return what every command about a receipt's money says."""
    return {
        "order_id": goods.order_id,
        "return_id": goods.return_id,
        "receipt_id": goods.receipt_id,
        "amount": goods.refund_amount,
        "currency": goods.currency,
        "reason": goods.reason,
    }


def close_return(goods: ReturnOrder) -> orders.CloseReturn:
    """Note that the money went back."""
    return orders.CloseReturn(return_id=goods.return_id)


def send_return_email(goods: ReturnOrder) -> notifications.SendReturnEmail:
    """Tell the buyer."""
    lines = tuple(
        notifications.ReturnedLine(
            title=line.title, variant_title=line.variant_title, quantity=line.quantity, refund=line.refund
        )
        for line in goods.lines
    )
    return notifications.SendReturnEmail(
        order_id=goods.order_id,
        order_number=goods.order_number,
        return_id=goods.return_id,
        return_number=goods.return_number,
        email=goods.email,
        currency=goods.currency,
        shipping=goods.shipping_amount,
        refund=goods.refund_amount,
        lines=lines,
    )
