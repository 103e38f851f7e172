"""Orders."""

from collections.abc import Iterator
from uuid import UUID

from django.db.models import QuerySet
from django.http import StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.api.json import JSONRenderer
from apps.core.json import dumps
from apps.orders import selectors
from apps.orders.api.requests import ORDER_TOKEN_HEADER, PREFER_HEADER, customer_id_of, order_buyer, seconds_to_wait
from apps.orders.api.serializers import OrderSerializer, OrderStatusSerializer, OrderSummarySerializer
from apps.orders.api.waiting import statuses
from apps.orders.models import Order
from apps.orders.selectors import OrderStatus

from .carts import GuestView

STREAM_SECONDS = 60


class OrdersView(ListAPIView[Order]):
    permission_classes = [IsAuthenticated]
    serializer_class = OrderSummarySerializer
    queryset = Order.objects.none()

    def get_queryset(self) -> QuerySet[Order]:
        return selectors.list_orders(user_id=customer_id_of(self.request))

    @extend_schema(tags=["orders"])
    def get(self, request: Request) -> Response:
        """List your orders, the newest first."""
        return self.list(request)


class OrderView(GuestView):
    @extend_schema(tags=["orders"], parameters=[ORDER_TOKEN_HEADER], responses={200: OrderSerializer})
    def get(self, request: Request, order_id: UUID) -> Response:
        """Show an order with its lines and its history."""
        order = selectors.get_order(order_id=order_id, buyer=order_buyer(request))
        return Response(OrderSerializer(order).data)


class OrderStatusView(GuestView):
    @extend_schema(
        tags=["orders"], parameters=[ORDER_TOKEN_HEADER, PREFER_HEADER], responses={200: OrderStatusSerializer}
    )
    def get(self, request: Request, order_id: UUID) -> Response:
        """Show how far an order is; cheap to ask often. With `Prefer: wait=10` the answer waits for the end."""
        seconds = seconds_to_wait(request)
        *_, last = statuses(order_id=order_id, buyer=order_buyer(request), seconds=seconds or 0)
        headers = {} if seconds is None else {"Preference-Applied": f"wait={seconds}"}
        return Response(OrderStatusSerializer(last).data, headers=headers)


class EventStreamRenderer(JSONRenderer):
    """Answers a client that accepts only text/event-stream; the view writes the stream, this one its problems."""

    media_type = "text/event-stream"
    format = "event-stream"


class OrderEventsView(GuestView):
    renderer_classes = [EventStreamRenderer, JSONRenderer]

    @extend_schema(
        tags=["orders"],
        parameters=[ORDER_TOKEN_HEADER],
        responses={(200, "text/event-stream"): OpenApiTypes.STR},
    )
    def get(self, request: Request, order_id: UUID) -> StreamingHttpResponse:
        """
        Follow an order as server-sent events: a `status` event at once, and one at each change until the end.

        The stream ends with the order, or after a minute; a client then connects again.
        """
        buyer = order_buyer(request)
        selectors.get_order_status(order_id=order_id, buyer=buyer)
        told = statuses(order_id=order_id, buyer=buyer, seconds=STREAM_SECONDS)
        return StreamingHttpResponse(
            events(told),
            content_type="text/event-stream",
            headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
        )


def events(told: Iterator[OrderStatus]) -> Iterator[bytes]:
    """Write each change of an order's status as one server-sent event (WHATWG HTML, 9.2)."""
    before: OrderStatus | None = None
    yield b"retry: 1000\n\n"
    for status in told:
        if status != before:
            yield b"event: status\ndata: " + dumps(OrderStatusSerializer(status).data) + b"\n\n"
        before = status
