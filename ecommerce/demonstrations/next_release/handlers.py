"""What this release registers: the second version, in which the mail leaves before the shelf is cleared."""

from dataclasses import replace

from apps.orders.sagas.order_processing import ORDER_PROCESSING
from apps.sagas.registry import register

*EARLIER, COMMIT_INVENTORY, SEND_CONFIRMATION_EMAIL = ORDER_PROCESSING.steps
ORDER_PROCESSING_2 = register(
    replace(ORDER_PROCESSING, version=2, steps=(*EARLIER, SEND_CONFIRMATION_EMAIL, COMMIT_INVENTORY))
)
