"""Receiving goods that come back: staff write down what arrived, and the saga of the return begins."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db.models import Sum

from apps.core.exceptions import InvalidInput
from apps.core.ids import new_id
from apps.core.logs import current_request_id
from apps.orders.models import OrderLineItem, OrderReturn, OrderReturnLine
from apps.orders.sagas.return_order import RETURN_ORDER
from apps.orders.sagas.send_returns import ReceivedLine, ReturnOrder
from apps.sagas import orchestrator

from .returns import Status, locked_return
from .worth import BoughtLine, Paid, Worth, worth_of

COUNTED = (Status.RECEIVING, Status.RECEIVED, Status.CLOSED)
"""The states in which goods arrived and money was granted for them."""
NOTHING = Decimal(0)
IN_ORDER = ("created_at", "id")


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrivedLine:
    """
    Pieces of one line of a return that arrived, zero or more, never more than were asked for.

    `line_id` is the return's own line. `restocks` is whether they can be sold again: damaged goods cannot.
    """

    line_id: UUID
    quantity: int
    restocks: bool = True


def receive_return(*, return_id: UUID, arrived: Sequence[ArrivedLine], user_id: UUID | None) -> OrderReturn:
    """
    Write down what arrived of an approved return, what it is worth, and start the saga that restocks and pays back.

    What is not named did not arrive. Until the saga's pivot the receipt may be undone: then the return is `approved`
    again. The order is locked, so the returns of an order never share out the same money twice.

    Returns:
        The return, `receiving`, with what goes back.

    Raises:
        ReturnNotFound, ReturnNotOpen: nothing is changed.
        InvalidInput: nothing arrived, more than was asked for, or a line of another return; `errors` names it.

    Source: apps/orders/services/worth.py; the saga is apps/orders/sagas/return_order.py.
    """
    with locked_return(return_id, Status.APPROVED) as found:
        lines = list(OrderReturnLine.objects.using("orders").filter(order_return_id=found.id).order_by("id"))
        _check(arrived, {line.id: line for line in lines})
        _note_arrivals(lines, {one.line_id: one for one in arrived})
        bought = list(OrderLineItem.objects.using("orders").filter(order_id=found.order_id).order_by(*IN_ORDER))
        worth = _worth(found, bought, {line.line_id: line.received_quantity or 0 for line in lines})
        _note_worth(found, lines, worth, user_id=user_id)
        _begin(found, lines, {line.id: line for line in bought})
    return found


def _check(arrived: Sequence[ArrivedLine], asked: dict[UUID, OrderReturnLine]) -> None:
    errors: dict[str, list[str]] = {}
    for position, one in enumerate(arrived):
        line = asked.get(one.line_id)
        if line is None or one.line_id in {earlier.line_id for earlier in arrived[:position]}:
            errors[f"lines.{position}.line_id"] = ["It is no line of the return, or stands here already."]
        elif not 0 <= one.quantity <= line.quantity:
            errors[f"lines.{position}.quantity"] = [f"Between 0 and {line.quantity} pieces can have arrived."]
    if not errors and not any(one.quantity for one in arrived):
        errors["lines"] = ["Nothing arrived; cancel the return instead."]
    if errors:
        raise InvalidInput("What arrived does not fit the return.", errors=errors)


def _note_arrivals(lines: Sequence[OrderReturnLine], arrived: dict[UUID, ArrivedLine]) -> None:
    for line in lines:
        one = arrived.get(line.id, ArrivedLine(line_id=line.id, quantity=0))
        line.received_quantity, line.restocks = one.quantity, one.restocks


def _worth(found: OrderReturn, bought: Sequence[OrderLineItem], arrived: dict[UUID, int]) -> Worth:
    """Return what the pieces that arrived are worth, after all other returns of the order; this one counts later."""
    order = found.order
    others = OrderReturn.objects.using("orders").filter(order_id=order.id, status__in=COUNTED)
    sums = OrderReturnLine.objects.using("orders").filter(order_return__in=others).values_list("line_id")
    summed = sums.annotate(Sum("received_quantity"), Sum("refund_amount"))
    past = {line_id: (pieces, granted) for line_id, pieces, granted in summed}
    return worth_of(
        paid=Paid(total=order.total_price, shipping=order.shipping_price, currency=order.currency),
        lines=[
            BoughtLine(
                line_id=line.id,
                quantity=line.quantity,
                price=line.total,
                returned=past.get(line.id, (0, NOTHING))[0],
                granted=past.get(line.id, (0, NOTHING))[1],
            )
            for line in bought
        ],
        arrived=arrived,
        shipping_granted=others.aggregate(granted=Sum("shipping_amount"))["granted"] or NOTHING,
        refunds_shipping=found.refunds_shipping,
    )


def _note_worth(found: OrderReturn, lines: Sequence[OrderReturnLine], worth: Worth, *, user_id: UUID | None) -> None:
    for line in lines:
        line.refund_amount = worth.lines.get(line.line_id, NOTHING)
    fields = ["received_quantity", "restocks", "refund_amount"]
    OrderReturnLine.objects.using("orders").bulk_update(lines, fields)
    found.status, found.receipt_id, found.received_by, found.answer = Status.RECEIVING, new_id(), user_id, None
    found.goods_amount, found.shipping_amount, found.refund_amount = worth.goods, worth.shipping, worth.total
    amounts = ["goods_amount", "shipping_amount", "refund_amount"]
    found.save(using="orders", update_fields=["status", "receipt_id", "received_by", "answer", *amounts])


def _begin(found: OrderReturn, lines: Sequence[OrderReturnLine], bought: dict[UUID, OrderLineItem]) -> None:
    assert found.receipt_id is not None
    start = orchestrator.Start(
        saga=RETURN_ORDER,
        saga_id=new_id(),
        subject_id=found.receipt_id,
        order_id=found.order_id,
        data=_data_of(found, [(line, bought[line.line_id]) for line in lines if line.received_quantity]),
        trace_id=current_request_id(),
    )
    orchestrator.begin([start], actor="back office")


def _data_of(found: OrderReturn, lines: Sequence[tuple[OrderReturnLine, OrderLineItem]]) -> ReturnOrder:
    """Return what the saga carries of a return."""
    assert found.receipt_id is not None
    return ReturnOrder(
        order_id=found.order_id,
        order_number=found.order.order_number,
        return_id=found.id,
        return_number=found.return_number,
        receipt_id=found.receipt_id,
        email=found.order.email,
        currency=found.currency,
        reason=found.reason,
        shipping_amount=found.shipping_amount or NOTHING,
        refund_amount=found.refund_amount or NOTHING,
        lines=tuple(
            ReceivedLine(
                variant_id=line.variant_id,
                quantity=came.received_quantity or 0,
                restocks=came.restocks,
                refund=came.refund_amount or NOTHING,
                title=line.title,
                variant_title=line.variant_title or "",
            )
            for came, line in lines
        ),
    )
