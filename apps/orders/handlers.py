"""What orders does in sagas, and the sagas that orders conducts."""

from collections.abc import Sequence

from apps.orders import services
from apps.orders.contracts import ConfirmOrder, OrderIsClosed, OrderIsConfirmed, OrderIsRejected, RejectOrder
from apps.orders.sagas.order_processing import ORDER_PROCESSING
from apps.sagas.participant import Participant
from apps.sagas.registry import register

orders = Participant("orders", database="orders")
register(ORDER_PROCESSING)


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
