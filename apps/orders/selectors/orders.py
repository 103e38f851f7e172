"""Reads of orders."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Prefetch, Q, QuerySet

from apps.core.exceptions import NotFound
from apps.orders.buyers import Buyer
from apps.orders.models import Order, OrderEvent, OrderLineItem


class OrderNotFound(NotFound):
    """The buyer has no order of this id; somebody else's counts as none."""

    code = "order_not_found"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderStatus:
    """How far an order is. `failure_code` and `failure_reason` are None unless `status` is `failed`."""

    id: UUID
    order_number: str
    status: str
    financial_status: str
    fulfillment_status: str
    failure_code: str | None
    failure_reason: str | None
    updated_at: datetime

    @property
    def is_under_way(self) -> bool:
        """Whether the order has not come to an end yet."""
        return self.status in UNDER_WAY


UNDER_WAY = frozenset({str(Order.Status.PENDING), str(Order.Status.PROCESSING)})


def get_order(*, order_id: UUID, buyer: Buyer) -> Order:
    """
    Return one order of the buyer with `lines` and `events`, oldest first; three statements.

    Raises:
        OrderNotFound: there is no such order, or it is somebody else's.
    """
    parts = (
        Prefetch("lines", OrderLineItem.objects.using("orders").order_by("created_at", "id")),
        Prefetch("events", OrderEvent.objects.using("orders").order_by("created_at", "id")),
    )
    order = Order.objects.using("orders").filter(owned_by(buyer), id=order_id).prefetch_related(*parts).first()
    if order is None:
        raise order_not_found()
    return order


def get_order_status(*, order_id: UUID, buyer: Buyer) -> OrderStatus:
    """
    Return how far one order of the buyer is; one statement by primary key, made for asking often.

    Raises:
        OrderNotFound: there is no such order, or it is somebody else's.
    """
    rows = Order.objects.using("orders").filter(owned_by(buyer), id=order_id)
    for row in rows.values(*OrderStatus.__slots__):
        return OrderStatus(**row)
    raise order_not_found()


def list_orders(*, user_id: UUID) -> QuerySet[Order]:
    """Return a customer's orders without their lines, the newest first; empty for who has none."""
    return Order.objects.using("orders").filter(user_id=user_id).order_by("-created_at", "-id")


def list_order_numbers(*, order_ids: Collection[UUID]) -> dict[UUID, str]:
    """Return the number of each order known, by id; one statement for all."""
    found = Order.objects.using("orders").filter(id__in=order_ids)
    return dict(found.values_list("id", "order_number")) if order_ids else {}


def count_orders(*, since: datetime) -> dict[str, int]:
    """Return how many orders placed since a time have each status now; a status that none has is left out."""
    placed = Order.objects.using("orders").filter(created_at__gte=since)
    return dict(placed.values_list("status").annotate(orders=Count("id")).order_by("-orders", "status"))


def owned_by(buyer: Buyer) -> Q:
    """Return the filter of what a buyer may see; who proves nothing sees nothing."""
    owned = Q(pk=None)
    if buyer.user_id is not None:
        owned |= Q(user_id=buyer.user_id)
    if buyer.access_token_hash is not None:
        owned |= Q(access_token_hash=buyer.access_token_hash)
    return owned


def order_not_found() -> OrderNotFound:
    return OrderNotFound("You have no such order. A guest shows the order's token in the X-Order-Token header.")
