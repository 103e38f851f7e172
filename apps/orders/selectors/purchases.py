"""Who bought what, for whoever asks whether a customer bought a product."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from apps.orders.models import Order
from apps.orders.statements import SQL


@dataclass(frozen=True, slots=True, kw_only=True)
class BoughtProduct:
    """A customer's product in a confirmed order, `at` its confirmation (UTC); returned when all pieces came back."""

    user_id: UUID
    product_id: UUID
    order_id: UUID
    at: datetime
    is_returned: bool


def list_purchases(*, order_ids: Collection[UUID]) -> list[BoughtProduct]:
    """Return what customers bought with those of the orders that are confirmed; guests' are left out. One statement."""
    return SQL.rows("list_purchases", BoughtProduct, ids=list(order_ids))


def list_confirmed(*, after: UUID | None, limit: int) -> list[UUID]:
    """Return the ids of confirmed orders behind an id, or from the first on, in their order."""
    orders = Order.objects.using("orders").filter(status=Order.Status.CONFIRMED).order_by("id")
    behind = orders if after is None else orders.filter(id__gt=after)
    return list(behind.values_list("id", flat=True)[:limit])
