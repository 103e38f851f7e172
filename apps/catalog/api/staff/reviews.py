"""Reviews as the shop's people see them: what waits, what was decided, what the shop answers."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from apps.catalog import selectors, services
from apps.catalog.api.review_shapes import STAFF_REVIEW
from apps.catalog.models import ProductReview
from apps.core.api.pagination import CursorPages
from apps.core.api.views import StaffView
from apps.core.exceptions import InvalidInput

TAGS = ["staff: catalog"]
MOST_REVIEWS = 1_000
State = ProductReview.State


class ApprovalBody(serializers.Serializer[Any]):
    reviews = serializers.ListField(child=serializers.UUIDField(), min_length=1, max_length=MOST_REVIEWS)


class RejectionBody(ApprovalBody):
    reason = serializers.CharField(max_length=500, help_text="The authors read it.")


class ReplyBody(serializers.Serializer[Any]):
    text = serializers.CharField(max_length=5_000, help_text="Plain text; markup is taken out.")


class DecidedReview(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    status = serializers.ChoiceField(choices=["changed", "unchanged", "not_found"])


class Decided(serializers.Serializer[Any]):
    changed = serializers.IntegerField()
    results = DecidedReview(many=True, help_text="One for each review, in the order sent.")


class Reviews(StaffView, GenericAPIView[ProductReview]):
    permissions = {"GET": "products.view"}
    queryset = ProductReview.objects.none()
    serializer_class = STAFF_REVIEW.serializer
    pagination_class = CursorPages

    @extend_schema(
        operation_id="list_reviews_of_all_products",
        tags=TAGS,
        parameters=[OpenApiParameter("state", enum=State.values, description="Only those in this state.")],
        responses=STAFF_REVIEW.serializer(many=True),
    )
    def get(self, request: Request) -> Response:
        """List reviews; those that wait come in the order in which they were written, others the newest first."""
        pages = CursorPages()
        found = selectors.list_reviews_in_state(state=state_of(request))
        rows = pages.paginate_queryset(found, request, view=self)
        return pages.get_paginated_response([shown(review) for review in rows])

    @property
    def cursor_ordering(self) -> tuple[str, str]:
        waiting = self.request.query_params.get("state") == State.PENDING
        return ("created_at", "id") if waiting else ("-created_at", "-id")


class Approvals(StaffView):
    permissions = {"POST": "products.change"}

    @extend_schema(operation_id="approve_reviews", tags=TAGS, request=ApprovalBody, responses=Decided)
    def post(self, request: Request) -> Response:
        """Show reviews to everybody, up to 1,000 at once."""
        ids = checked(ApprovalBody, request)["reviews"]
        return decided(ids, services.approve_reviews(review_ids=ids, by=request.user.pk))


class Rejections(StaffView):
    permissions = {"POST": "products.change"}

    @extend_schema(operation_id="reject_reviews", tags=TAGS, request=RejectionBody, responses=Decided)
    def post(self, request: Request) -> Response:
        """Show reviews to nobody but their authors, up to 1,000 at once, for one reason."""
        body = checked(RejectionBody, request)
        ids = body["reviews"]
        changes = services.reject_reviews(review_ids=ids, reason=body["reason"], by=request.user.pk)
        return decided(ids, changes)


class Reply(StaffView):
    permissions = {"PUT": "products.change", "DELETE": "products.change"}

    @extend_schema(operation_id="reply_to_review", tags=TAGS, request=ReplyBody, responses=STAFF_REVIEW.serializer)
    def put(self, request: Request, review_id: UUID) -> Response:
        """Let the shop answer below a review."""
        text = checked(ReplyBody, request)["text"]
        return Response(shown(services.reply_to_review(review_id=review_id, text=text)))

    @extend_schema(operation_id="take_back_reply", tags=TAGS, responses={204: None})
    def delete(self, request: Request, review_id: UUID) -> Response:
        """Take the shop's answer back."""
        services.reply_to_review(review_id=review_id, text=None)
        return Response(status=204)


def state_of(request: Request) -> State | None:
    given = request.query_params.get("state")
    if given and given not in State.values:
        wrong = {"state": [f"One of {', '.join(State.values)}."]}
        raise InvalidInput("There is no such state.", errors=wrong)
    return State(given) if given else None


def checked(body: type[serializers.Serializer[Any]], request: Request) -> dict[str, Any]:
    given = body(data=request.data)
    given.is_valid(raise_exception=True)
    return dict(given.validated_data)


def decided(ids: list[UUID], changes: Mapping[UUID, bool]) -> Response:
    words = {True: "changed", False: "unchanged", None: "not_found"}
    results = [{"id": review_id, "status": words[changes.get(review_id)]} for review_id in ids]
    return Response({"changed": sum(changes.values()), "results": results})


def shown(review: ProductReview) -> dict[str, Any]:
    """Return a review as the shop's people read it; its product was read with it."""
    row = {name: getattr(review, name) for name in STAFF_REVIEW.columns if not name.startswith("product__")}
    about = {"product__slug": review.product.slug, "product__name": review.product.name}
    return STAFF_REVIEW.object_of(row | about, state=review.state)
