"""What orders does in sagas, and the sagas that orders conducts."""

from collections.abc import Sequence

from apps.orders import services
from apps.orders.contracts import (
    AcceptReturn,
    CloseReturn,
    ConfirmOrder,
    OrderIsClosed,
    OrderIsConfirmed,
    OrderIsRejected,
    RejectOrder,
    ReopenReturn,
    ReturnIsAccepted,
    ReturnIsClosed,
    ReturnIsNotReceived,
    ReturnIsReopened,
)
from apps.orders.sagas.order_processing import ORDER_PROCESSING
from apps.orders.sagas.return_order import RETURN_ORDER
from apps.sagas.participant import Participant
from apps.sagas.registry import register

orders = Participant("orders", database="orders")
register(ORDER_PROCESSING)
register(RETURN_ORDER)


@orders.handles(ConfirmOrder)
def confirm_orders(commands: Sequence[ConfirmOrder]) -> list[OrderIsConfirmed | OrderIsClosed]:
    """Confirm each order that is still being processed; one that was closed meanwhile turns its saga back."""
    confirmed = services.confirm_orders(commands=commands)
    closed = OrderIsClosed(message="The order was closed before it could be confirmed.")
    return [OrderIsConfirmed() if command.order_id in confirmed else closed for command in commands]


@orders.handles(RejectOrder)
def reject_orders(commands: Sequence[RejectOrder]) -> list[OrderIsRejected]:
    """Close each order as failed."""
    services.reject_orders(commands=commands)
    return [OrderIsRejected() for _ in commands]


@orders.handles(AcceptReturn)
def accept_returns(commands: Sequence[AcceptReturn]) -> list[ReturnIsAccepted | ReturnIsNotReceived]:
    """Take the goods of each receipt for ours; one that was undone meanwhile turns its saga back."""
    accepted = services.accept_returns(commands=commands)
    undone = ReturnIsNotReceived(message="The receipt was undone before its goods could be accepted.")
    return [ReturnIsAccepted() if command.receipt_id in accepted else undone for command in commands]


@orders.handles(ReopenReturn)
def reopen_returns(commands: Sequence[ReopenReturn]) -> list[ReturnIsReopened]:
    """Let the goods of each receipt be received anew."""
    services.reopen_returns(commands=commands)
    return [ReturnIsReopened() for _ in commands]


@orders.handles(CloseReturn)
def close_returns(commands: Sequence[CloseReturn]) -> list[ReturnIsClosed]:
    """Note that the money of each return went back."""
    services.close_returns(commands=commands)
    return [ReturnIsClosed() for _ in commands]
