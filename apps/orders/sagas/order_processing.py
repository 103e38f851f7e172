"""From a placed order to a confirmed one, or back to nothing held and nothing charged."""

from apps.sagas.definition import Saga, compensatable, pivot, retriable

from . import send

ORDER_PROCESSING = Saga(
    "order_processing",
    version=1,
    data=send.OrderProcessing,
    apology="We could not finish your order; it is undone, and nothing is charged. Please try again.",
    afterwards="return_order",
    steps=(
        # The order row exists already: it was written in the transaction that started the saga.
        compensatable("place_order", undo=send.reject_order),
        compensatable("validate_products", do=send.validate_products, undo=send.release_product_validation),
        compensatable("reserve_inventory", do=send.reserve_inventory, undo=send.release_inventory),
        compensatable("process_payment", do=send.process_payment, undo=send.refund_payment, waive=send.waive_payment),
        pivot("update_order_status", do=send.confirm_order),
        retriable("commit_inventory", do=send.commit_inventory),
        retriable("send_confirmation_email", do=send.send_confirmation_email, critical=False),
    ),
)
