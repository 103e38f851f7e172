"""Returns of an order, as its buyer sees them."""

from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core import clock
from apps.core.api.idempotency import Answer, once
from apps.core.api.schema import IDEMPOTENCY_KEY
from apps.orders import selectors, services
from apps.orders.api.requests import ORDER_TOKEN_HEADER, order_buyer, scope_of
from apps.orders.api.return_serializers import RequestReturnSerializer, ReturnSerializer
from apps.orders.buyers import Buyer
from apps.orders.models import IdempotencyRecord, OrderReturn

from .carts import GuestView, checked


class ReturnsView(GuestView, ListAPIView[OrderReturn]):
    serializer_class = ReturnSerializer
    queryset = OrderReturn.objects.none()

    def get_queryset(self) -> QuerySet[OrderReturn]:
        return selectors.list_returns(order_id=self.kwargs["order_id"], buyer=order_buyer(self.request))

    @extend_schema(tags=["returns"], parameters=[ORDER_TOKEN_HEADER])
    def get(self, request: Request, order_id: UUID) -> Response:
        """List the returns of an order with their lines, the newest first."""
        return self.list(request)

    @extend_schema(
        tags=["returns"],
        parameters=[ORDER_TOKEN_HEADER, IDEMPOTENCY_KEY],
        request=RequestReturnSerializer,
        responses={201: ReturnSerializer},
    )
    def post(self, request: Request, order_id: UUID) -> Answer:
        """
        Ask to give goods of a confirmed order back.

        Answers 201 with the return, `requested`; staff approve or refuse it. Refused (409) with `more_than_bought`,
        which names each line and how many pieces of it can still come back, or `order_not_returnable`.
        """
        buyer = order_buyer(request)
        return once(
            request,
            using="orders",
            model=IdempotencyRecord,
            scope=scope_of("request_return", buyer, order_id),
            perform=lambda: self.requested(request, buyer, order_id),
            required=True,
        )

    def requested(self, request: Request, buyer: Buyer, order_id: UUID) -> Response:
        body = checked(RequestReturnSerializer, request)
        wanted = services.ReturnRequest(
            reason=body["reason"],
            note=body.get("note"),
            lines=tuple(services.WantedLine(**line) for line in body["lines"]),
        )
        made = services.request_return(buyer=buyer, order_id=order_id, wanted=wanted)
        shown = selectors.get_return(order_id=order_id, return_id=made.id, buyer=buyer)
        location = f"/api/v1/orders/{order_id}/returns/{made.id}/"
        return Response(ReturnSerializer(shown).data, status=201, headers={"Location": location})


class CancelReturnView(GuestView):
    @extend_schema(tags=["returns"], parameters=[ORDER_TOKEN_HEADER], request=None, responses={200: ReturnSerializer})
    def post(self, request: Request, order_id: UUID, return_id: UUID) -> Response:
        """Call a return off whose goods were not received yet; refused (409, `return_not_open`) from then on."""
        buyer = order_buyer(request)
        found = selectors.get_return(order_id=order_id, return_id=return_id, buyer=buyer)
        services.cancel_return(return_id=found.id, user_id=buyer.user_id, now=clock.now())
        shown = selectors.get_return(order_id=order_id, return_id=return_id, buyer=buyer)
        return Response(ReturnSerializer(shown).data)


class ReturnView(GuestView):
    @extend_schema(tags=["returns"], parameters=[ORDER_TOKEN_HEADER], responses={200: ReturnSerializer})
    def get(self, request: Request, order_id: UUID, return_id: UUID) -> Response:
        """Show a return with its lines: what was asked for, what arrived, and what goes back for it."""
        found = selectors.get_return(order_id=order_id, return_id=return_id, buyer=order_buyer(request))
        return Response(ReturnSerializer(found).data)
