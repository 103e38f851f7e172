"""A second version of the saga of orders, for the machine: its tail runs in another order, and it is less patient."""

from apps.orders.sagas import send
from apps.orders.sagas.order_processing import ORDER_PROCESSING
from apps.sagas.definition import Retry, Saga, compensatable, pivot, retriable
from apps.sagas.registry import SAGAS

HASTY = Retry(base_seconds=0.1, cap_seconds=1.0, attempts=2)
SECOND = Saga(
    ORDER_PROCESSING.name,
    version=2,
    data=send.OrderProcessing,
    steps=(
        compensatable("place_order", undo=send.reject_order),
        compensatable("reserve_inventory", do=send.reserve_inventory, undo=send.release_inventory, retry=HASTY),
        compensatable("process_payment", do=send.process_payment, undo=send.refund_payment, retry=HASTY),
        pivot("update_order_status", do=send.confirm_order),
        retriable("send_confirmation_email", do=send.send_confirmation_email, critical=False),
        retriable("commit_inventory", do=send.commit_inventory),
    ),
)
VERSION = (SECOND.name, SECOND.version)


def deploy() -> None:
    """Let this process know the second version; the first stays."""
    SAGAS[VERSION] = SECOND


def take_back() -> None:
    """Let this process not know the second version, as the release before it."""
    SAGAS.pop(VERSION, None)
