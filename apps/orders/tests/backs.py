"""Short ways for tests to send goods back, and to look at what came of it."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from apps.orders import services
from apps.orders.buyers import Buyer
from apps.orders.models import Order, OrderLineItem, OrderReturn, OrderReturnLine
from apps.orders.services import ArrivedLine, ReturnRequest, WantedLine

from .factories import ConfirmedOrderFactory

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def confirmed(**fields: Any) -> Order:
    """A confirmed order: three shirts at 10.00, one pair of socks at 19.00, shipping 4.95."""
    return ConfirmedOrderFactory.create(**fields)


def lines_of(order: Order) -> tuple[OrderLineItem, OrderLineItem]:
    """The shirts and the socks of such an order."""
    shirts, socks = OrderLineItem.objects.using("orders").filter(order_id=order.id).order_by("price")
    return shirts, socks


def wanted(*lines: tuple[OrderLineItem, int], **fields: Any) -> ReturnRequest:
    asked = tuple(WantedLine(line_id=line.id, quantity=quantity) for line, quantity in lines)
    return ReturnRequest(**{"reason": "damaged", "lines": asked} | fields)


def requested(order: Order, *lines: tuple[OrderLineItem, int], **fields: Any) -> OrderReturn:
    """A return of these pieces, asked for by the order's customer."""
    return services.request_return(
        buyer=Buyer(user_id=order.user_id), order_id=order.id, wanted=wanted(*lines, **fields)
    )


def approved(order: Order, *lines: tuple[OrderLineItem, int], **fields: Any) -> OrderReturn:
    made = requested(order, *lines)
    services.approve_return(return_id=made.id, user_id=None, now=NOW, **fields)
    return made


def arrived(made: OrderReturn, *quantities: int, restocks: bool = True) -> list[ArrivedLine]:
    """What arrived of a return, line by line; all of it where nothing is said."""
    lines = OrderReturnLine.objects.using("orders").filter(order_return_id=made.id).order_by("created_at", "id")
    came = quantities or tuple(line.quantity for line in lines)
    return [
        ArrivedLine(line_id=line.id, quantity=quantity, restocks=restocks)
        for line, quantity in zip(lines, came, strict=True)
    ]


def received(order: Order, *lines: tuple[OrderLineItem, int], **fields: Any) -> OrderReturn:
    """A return whose goods arrived wholly, and whose saga has begun."""
    made = approved(order, *lines, **fields)
    return services.receive_return(return_id=made.id, arrived=arrived(made), user_id=None)


def row(made: OrderReturn) -> OrderReturn:
    return OrderReturn.objects.using("orders").get(id=made.id)


def claimed(line: OrderLineItem) -> int:
    """How many pieces of a line came back or are asked for."""
    return OrderLineItem.objects.using("orders").get(id=line.id).returned_quantity


def statuses(order_id: UUID) -> tuple[str, str, str]:
    """Status, financial status and fulfilment status of an order."""
    found = Order.objects.using("orders").filter(id=order_id)
    return found.values_list("status", "financial_status", "fulfillment_status").get()
