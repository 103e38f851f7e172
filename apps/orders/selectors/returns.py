"""Reads of returns."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Prefetch, QuerySet

from apps.core.exceptions import NotFound
from apps.orders.buyers import Buyer
from apps.orders.models import Order, OrderReturn, OrderReturnLine

from .orders import order_not_found, owned_by


class ReturnNotFound(NotFound):
    """The buyer's order has no return of this id."""

    code = "return_not_found"


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedLine:
    """A line of a return, for those who receive it: pieces that were asked for, and what they are."""

    line_id: UUID
    quantity: int
    title: str
    variant_title: str
    sku: str


def list_returns(*, order_id: UUID, buyer: Buyer) -> QuerySet[OrderReturn]:
    """
    Return the returns of one order of the buyer with their `lines`, the newest first; empty where nothing comes back.

    Raises:
        OrderNotFound: there is no such order, or it is somebody else's.
    """
    if not Order.objects.using("orders").filter(owned_by(buyer), id=order_id).exists():
        raise order_not_found()
    returns = OrderReturn.objects.using("orders").filter(order_id=order_id).order_by("-created_at", "-id")
    return returns.prefetch_related(lines_with_titles())


def get_return(*, order_id: UUID, return_id: UUID, buyer: Buyer) -> OrderReturn:
    """
    Return one return of the buyer's order with its `lines`.

    Raises:
        OrderNotFound, ReturnNotFound: there is none, or it is somebody else's.
    """
    found = list_returns(order_id=order_id, buyer=buyer).filter(id=return_id).first()
    if found is None:
        raise return_not_found()
    return found


def list_asked_lines(*, return_id: UUID) -> list[AskedLine]:
    """Return the lines of a return in the order they were asked for; empty for a return that does not exist."""
    lines = OrderReturnLine.objects.using("orders").filter(order_return_id=return_id).select_related("line")
    return [
        AskedLine(
            line_id=line.id,
            quantity=line.quantity,
            title=line.line.title,
            variant_title=line.line.variant_title or "",
            sku=line.line.sku or "",
        )
        for line in lines.order_by("created_at", "id")
    ]


def list_return_numbers(*, return_ids: Collection[UUID]) -> dict[UUID, str]:
    """Return the number of each return known, by id; one statement for all."""
    found = OrderReturn.objects.using("orders").filter(id__in=return_ids)
    return dict(found.values_list("id", "return_number")) if return_ids else {}


def lines_with_titles() -> "Prefetch[str, QuerySet[OrderReturnLine], str]":
    """Return the prefetch of a return's lines, each with the order's line it is about."""
    return Prefetch(
        "lines", OrderReturnLine.objects.using("orders").select_related("line").order_by("created_at", "id")
    )


def return_not_found() -> ReturnNotFound:
    return ReturnNotFound("The order has no such return.")
