"""The checkout of a cart."""

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.api.idempotency import Answer, once
from apps.core.api.problems import problem_response
from apps.core.api.schema import IDEMPOTENCY_KEY
from apps.orders import services
from apps.orders.api.requests import CART_TOKEN_HEADER, PREFER_HEADER, cart_buyer, scope_of, seconds_to_wait
from apps.orders.api.serializers import CheckoutSerializer, OrderStatusSerializer, OrderSummarySerializer
from apps.orders.api.waiting import statuses
from apps.orders.buyers import Buyer
from apps.orders.models import IdempotencyRecord

from .carts import GuestView, checked


class CheckoutView(GuestView):
    throttle_scope = "checkout"

    @extend_schema(
        tags=["carts"],
        parameters=[CART_TOKEN_HEADER, IDEMPOTENCY_KEY, PREFER_HEADER],
        request=CheckoutSerializer,
        responses={200: OrderSummarySerializer, 202: OrderSummarySerializer},
    )
    def post(self, request: Request, cart_id: UUID) -> Response | Answer:
        """
        Order what is in the cart.

        Answers 202 with the order under way and where to ask about it; with `Prefer: wait=10` it answers 200 with the
        order's end, `confirmed` or `failed`, where that comes in time. Refused orders (409) leave the cart open:
        `price_changed`, `product_unavailable`, `insufficient_stock` name each line.
        """
        buyer, seconds = cart_buyer(request), seconds_to_wait(request)
        answer = once(
            request,
            using="orders",
            model=IdempotencyRecord,
            scope=scope_of("place_order", buyer, cart_id),
            perform=lambda: self.place(request, buyer, cart_id),
            required=True,
        )
        if answer.status_code != 202 or seconds is None:
            return answer
        return self.waited(answer, buyer, seconds)

    def place(self, request: Request, buyer: Buyer, cart_id: UUID) -> Response:
        checkout = services.Checkout(**checked(CheckoutSerializer, request))
        try:
            order = services.place_order(buyer=buyer, cart_id=cart_id, checkout=checkout)
        except services.PriceChanged as refusal:
            # An answer, not an exception: what the cart shows now must be committed with it.
            # A total that was not expected names no line: nothing of the cart changed, and all is undone.
            answer = problem_response(refusal, {"request": request}) if refusal.details["lines"] else None
            if answer is None:
                raise
            return answer
        body = OrderSummarySerializer(order).data
        return Response(body, status=202, headers={"Location": f"/api/v1/orders/{order.id}/"})

    def waited(self, answer: Answer, buyer: Buyer, seconds: int) -> Response | Answer:
        """Answer the order's end where it comes in time, and the first answer otherwise."""
        order_id = UUID(answer.data["id"])
        *_, last = statuses(order_id=order_id, buyer=buyer, seconds=seconds)
        headers = {"Preference-Applied": f"wait={seconds}", "Location": answer["Location"]}
        if answer.replayed:
            headers["Idempotent-Replayed"] = "true"
        if last.is_under_way:
            for name, value in headers.items():
                answer[name] = value
            return answer
        return Response(answer.data | OrderStatusSerializer(last).data, headers=headers)
