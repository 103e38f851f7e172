"""Asking to give goods back, and the answers of staff, until the goods are here."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.core.exceptions import DomainError, InvalidInput
from apps.core.ids import new_id
from apps.orders.buyers import Buyer
from apps.orders.contracts import (
    OrderReturnApproved,
    OrderReturnCancelled,
    OrderReturnRefused,
    OrderReturnRequested,
    ReturnEvent,
)
from apps.orders.models import Order, OrderEvent, OrderLineItem, OrderReturn, OrderReturnLine
from apps.orders.selectors.orders import order_not_found, owned_by
from apps.orders.selectors.returns import return_not_found
from apps.orders.statements import SQL
from apps.sagas import outbox

Status = OrderReturn.Status
WAITING = (Status.REQUESTED, Status.APPROVED)
"""The states in which the goods have not come."""


class OrderNotReturnable(DomainError):
    """Only what is confirmed can come back: the order is under way, failed or was called off."""

    code = "order_not_returnable"


class MoreThanBought(DomainError):
    """
    More pieces would come back than were bought, all returns of the order taken together.

    `lines` names each such line with the pieces `requested` and those still `returnable`.
    """

    code = "more_than_bought"


class ReturnNotOpen(DomainError):
    """The return is not in a state in which this can be done; `return_status` says which it is in."""

    code = "return_not_open"


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedLine:
    """Pieces of one line of an order that shall come back, at least 1."""

    line_id: UUID
    quantity: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnRequest:
    """What a buyer wants to give back; `reason` is one of OrderReturn.Reason, `note` the buyer's own words."""

    reason: str
    lines: tuple[WantedLine, ...]
    note: str | None = None


def request_return(*, buyer: Buyer, order_id: UUID, wanted: ReturnRequest) -> OrderReturn:
    """
    Ask to give goods of a confirmed order back; they are counted as coming back until staff refuse.

    The order is locked, so of two requests for its last piece one gets it. Not idempotent by itself.

    Returns:
        The return, `requested`, with its number.

    Raises:
        OrderNotFound, OrderNotReturnable, MoreThanBought: nothing is written.
        InvalidInput: no line, one that is not of this order, or one that stands twice; `errors` names it.

    Source: rule no_more_is_returned_than_was_bought, models/orders.py.
    """
    with transaction.atomic(using="orders"):
        order = Order.objects.using("orders").filter(owned_by(buyer), id=order_id).select_for_update().first()
        if order is None:
            raise order_not_found()
        if order.status != Order.Status.CONFIRMED:
            raise OrderNotReturnable(f"The order is {order.status}; only a confirmed one can be returned.")
        _check_lines(order, wanted.lines)
        made = _write_request(order, wanted, user_id=buyer.user_id)
        tell(made, OrderReturnRequested, "return_requested", f"The return {made.return_number} was asked for.")
    return made


def _check_lines(order: Order, wanted: Sequence[WantedLine]) -> None:
    """Refuse lines that are not of a locked order, and pieces that are not there any more."""
    if not wanted:
        raise InvalidInput("Nothing would come back.", errors={"lines": ["Name a line at least."]})
    lines = {line.id: line for line in OrderLineItem.objects.using("orders").filter(order_id=order.id)}
    errors: dict[str, list[str]] = {}
    for position, want in enumerate(wanted):
        if want.line_id not in lines:
            errors[f"lines.{position}.line_id"] = ["The order has no such line."]
        elif want.line_id in {earlier.line_id for earlier in wanted[:position]}:
            errors[f"lines.{position}.line_id"] = ["The line stands here already; say all its pieces at once."]
    if errors:
        raise InvalidInput("Some lines are wrong.", errors=errors)
    short = [(lines[want.line_id], want) for want in wanted if want.quantity > lines[want.line_id].returnable_quantity]
    if short:
        raise MoreThanBought(
            "More would come back than was bought; each line says how many still can.",
            lines=[
                {
                    "line_id": str(line.id),
                    "title": line.title,
                    "requested": want.quantity,
                    "returnable": line.returnable_quantity,
                }
                for line, want in short
            ],
        )


def _write_request(order: Order, wanted: ReturnRequest, *, user_id: UUID | None) -> OrderReturn:
    made = OrderReturn.objects.using("orders").create(
        id=new_id(),
        order=order,
        status=Status.REQUESTED,
        reason=wanted.reason,
        note=wanted.note,
        currency=order.currency,
        requested_by=user_id,
    )
    # The number is the trigger's.
    made.refresh_from_db(using="orders", fields=["return_number"])
    OrderReturnLine.objects.using("orders").bulk_create(
        OrderReturnLine(order_return=made, line_id=want.line_id, quantity=want.quantity) for want in wanted.lines
    )
    SQL.run(
        "claim_pieces",
        lines=[want.line_id for want in wanted.lines],
        pieces=[want.quantity for want in wanted.lines],
    )
    return made


def approve_return(*, return_id: UUID, user_id: UUID | None, now: datetime, refunds_shipping: bool = False) -> None:
    """
    Tell the buyer to send the goods; `refunds_shipping` gives the shipping back although not all comes back.

    Raises:
        ReturnNotFound, ReturnNotOpen: nothing is changed.
    """
    with locked_return(return_id, Status.REQUESTED) as found:
        _decide(found, Status.APPROVED, user_id=user_id, now=now, refunds_shipping=refunds_shipping)
        tell(found, OrderReturnApproved, "return_approved", f"The return {found.return_number} was approved.")


def refuse_return(*, return_id: UUID, user_id: UUID | None, now: datetime, answer: str) -> None:
    """
    Say no to a return, before its goods are received; the buyer reads `answer`, and may ask again.

    Raises:
        ReturnNotFound, ReturnNotOpen: nothing is changed.
    """
    with locked_return(return_id, *WAITING) as found:
        _let_go(found, Status.REFUSED, user_id=user_id, now=now, answer=answer)
        description = f"The return {found.return_number} was refused."
        tell(found, OrderReturnRefused, "return_refused", description, reason=answer)


def cancel_return(*, return_id: UUID, user_id: UUID | None, now: datetime, answer: str | None = None) -> None:
    """
    Call a return off whose goods have not come: the buyer keeps them, or they never arrived.

    Raises:
        ReturnNotFound, ReturnNotOpen: nothing is changed.
    """
    with locked_return(return_id, *WAITING) as found:
        _let_go(found, Status.CANCELLED, user_id=user_id, now=now, answer=answer)
        tell(found, OrderReturnCancelled, "return_cancelled", f"The return {found.return_number} was called off.")


@contextmanager
def locked_return(return_id: UUID, *states: str) -> Iterator[OrderReturn]:
    """
    Lock a return and its order, in a transaction of the block's own: the order first, as everybody does.

    Raises:
        ReturnNotFound: there is none; ReturnNotOpen: it is in none of these states.
    """
    with transaction.atomic(using="orders"):
        rows = OrderReturn.objects.using("orders").filter(id=return_id)
        order_id = rows.values_list("order_id", flat=True).first()
        if order_id is None:
            raise return_not_found()
        order = Order.objects.using("orders").select_for_update().get(id=order_id)
        found = rows.select_for_update().get()
        found.order = order
        if found.status not in states:
            raise ReturnNotOpen(f"The return {found.return_number} is {found.status}.", return_status=str(found.status))
        yield found


def _decide(found: OrderReturn, status: str, **fields: object) -> None:
    values = {"status": status, "decided_by": fields.pop("user_id"), "decided_at": fields.pop("now"), **fields}
    OrderReturn.objects.using("orders").filter(id=found.id).update(**values)


def _let_go(found: OrderReturn, status: str, **fields: object) -> None:
    """End a return whose goods did not come; its pieces may be asked for again."""
    _decide(found, status, **fields)
    asked = list(OrderReturnLine.objects.using("orders").filter(order_return_id=found.id))
    SQL.run("claim_pieces", lines=[line.line_id for line in asked], pieces=[-line.quantity for line in asked])


def tell(found: OrderReturn, kind: type[ReturnEvent], event_type: str, description: str, **fields: object) -> None:
    """Note in the order's history what happened to a return, and announce it; its order is locked."""
    event = kind(order_id=found.order_id, return_id=found.id, return_number=found.return_number, **fields)
    OrderEvent.objects.using("orders").create(
        order_id=found.order_id,
        event_type=event_type,
        description=description,
        data={"return": found.return_number, **fields},
    )
    outbox.publish([event], using="orders")
