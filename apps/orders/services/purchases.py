"""What customers bought, told to the catalogue."""

from collections.abc import Collection
from uuid import UUID

from apps.catalog.services import Purchase, note_purchases
from apps.orders.selectors import list_confirmed, list_purchases

BATCH = 500


def tell_purchases(*, order_ids: Collection[UUID]) -> int:
    """
    Tell the catalogue what customers bought with orders, or gave back, as the orders say it now. Idempotent.

    Returns:
        How many reviews are verified now that were not, or the other way round.
    """
    bought = list_purchases(order_ids=order_ids)
    return note_purchases(
        purchases=[
            Purchase(
                user_id=one.user_id,
                product_id=one.product_id,
                order_id=one.order_id,
                at=one.at,
                is_returned=one.is_returned,
            )
            for one in bought
        ]
    )


def tell_all_purchases(*, batch: int = BATCH) -> tuple[int, int]:
    """
    Tell the catalogue of every confirmed order, in batches, each a transaction of its own. Idempotent.

    Returns:
        How many orders were told of, and how many reviews turned.
    """
    told = turned = 0
    orders = list_confirmed(after=None, limit=batch)
    while orders:
        turned += tell_purchases(order_ids=orders)
        told += len(orders)
        orders = list_confirmed(after=orders[-1], limit=batch)
    return told, turned
