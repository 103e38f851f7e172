"""What a request says about its sender and about waiting."""

import re
from uuid import UUID

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework.exceptions import NotAuthenticated
from rest_framework.request import Request

from apps.orders.buyers import Buyer

CART_TOKEN = "X-Cart-Token"  # noqa: S105 - the name of a header
ORDER_TOKEN = "X-Order-Token"  # noqa: S105 - the name of a header
LONGEST_WAIT_SECONDS = 30
WAIT = re.compile(r"(?:^|[,;])\s*wait\s*=\s*\"?(\d{1,9})\"?\s*(?=$|[,;])", re.IGNORECASE)


def cart_buyer(request: Request) -> Buyer:
    """Return who asks for a cart."""
    return Buyer(user_id=user_id_of(request), token=request.headers.get(CART_TOKEN))


def order_buyer(request: Request) -> Buyer:
    """Return who asks for an order."""
    return Buyer(user_id=user_id_of(request), token=request.headers.get(ORDER_TOKEN))


def user_id_of(request: Request) -> UUID | None:
    """Return the customer's id, None for a guest."""
    return request.user.pk if request.user.is_authenticated else None


def scope_of(act: str, buyer: Buyer, thing_id: UUID) -> str:
    """Return whose an Idempotency-Key is: a customer's, or that of whoever holds a guest's token."""
    whose = buyer.user_id or buyer.session_id or f"nobody:{thing_id}"
    return f"{act}:{whose}"


def customer_id_of(request: Request) -> UUID:
    """Return the customer's id, in a view that only customers reach."""
    user_id = user_id_of(request)
    if user_id is None:
        raise NotAuthenticated
    return user_id


def seconds_to_wait(request: Request) -> int | None:
    """
    Return for how long the client would rather wait than ask again, at most 30 s; None where it does not say.

    Source: RFC 7240, section 4.3.
    """
    found = WAIT.search(request.headers.get("Prefer", ""))
    return min(int(found[1]), LONGEST_WAIT_SECONDS) if found else None


CART_TOKEN_HEADER = OpenApiParameter(
    CART_TOKEN, OpenApiTypes.STR, OpenApiParameter.HEADER, description="A guest's proof: the `token` of the new cart."
)
ORDER_TOKEN_HEADER = OpenApiParameter(
    ORDER_TOKEN, OpenApiTypes.STR, OpenApiParameter.HEADER, description="A guest's proof: the `token` of the cart."
)
PREFER_HEADER = OpenApiParameter(
    "Prefer",
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    description="`wait=10` waits up to so many seconds, at most 30, for the order to come to its end.",
)
