"""What customers say of products, to others and to themselves."""

from collections.abc import Sequence
from typing import Any, ClassVar, cast
from uuid import UUID

import django_filters
from django.db.models import QuerySet
from django.http import HttpResponse
from django_filters.rest_framework import FilterSet
from django_filters.utils import translate_validation
from drf_spectacular.utils import extend_schema
from rest_framework.authentication import BaseAuthentication
from rest_framework.generics import GenericAPIView
from rest_framework.permissions import SAFE_METHODS, IsAuthenticated, IsAuthenticatedOrReadOnly
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.catalog import selectors, services
from apps.catalog.caching import PAGES, REVIEW_LISTS, page_of
from apps.catalog.models import ProductReview
from apps.core.api.etag import answer
from apps.core.api.pagination import CursorPages
from apps.core.json import dumps

from .pages import PAGING, canonical_address
from .renames import follows_renames
from .review_shapes import HELPFUL, OWN_REVIEW, REVIEW, ReviewBody, own

TAGS = ["reviews"]
# The last field is unique, and each has its index.
ORDERINGS = {
    "newest": ("-created_at", "-id"),
    "helpful": ("-helpful_count", "-id"),
    "rating": ("-rating", "-id"),
}
DEFAULT_SORT = "newest"


class ReviewFilter(FilterSet):
    rating = django_filters.ChoiceFilter(
        choices=[(str(stars), str(stars)) for stars in range(1, 6)], null_label=None, empty_label=None
    )
    verified = django_filters.ChoiceFilter(
        method="by_buyers", choices=[("true", "true"), ("false", "false")], null_label=None, empty_label=None
    )
    sort = django_filters.ChoiceFilter(
        method="sorted_later",
        choices=[(name, name) for name in ORDERINGS],
        help_text=f"The newest, the most helpful or the best first; `{DEFAULT_SORT}` when left out.",
    )

    class Meta:
        model = ProductReview
        fields: ClassVar[list[str]] = []

    def by_buyers(self, reviews: QuerySet[ProductReview], name: str, value: str) -> QuerySet[ProductReview]:
        return reviews.filter(is_verified_purchase=value == "true")

    def sorted_later(self, reviews: QuerySet[ProductReview], name: str, value: Any) -> QuerySet[ProductReview]:
        """The pages order the rows."""
        return reviews


class ReviewPages(CursorPages):
    """Pages whose links bear nothing but what decides the list."""

    @property
    def address(self) -> str:
        return canonical_address(self.request, known=(*ReviewFilter.base_filters, *PAGING))


class ProductReviews(GenericAPIView[ProductReview]):
    queryset = ProductReview.objects.none()
    serializer_class = REVIEW.serializer
    filterset_class = ReviewFilter
    pagination_class = ReviewPages
    permission_classes = (IsAuthenticatedOrReadOnly,)

    def get_authenticators(self) -> list[BaseAuthentication]:
        """Who reads is open to everybody: a token sent along is not even read."""
        return [] if self.is_reading else super().get_authenticators()

    @property
    def is_reading(self) -> bool:
        # The OpenAPI document is written without a request.
        request: Request | None = getattr(self, "request", None)
        return request is not None and request.method in SAFE_METHODS

    @property
    def throttle_scope(self) -> str | None:
        return None if self.is_reading else "reviews"

    @extend_schema(operation_id="list_reviews", tags=TAGS, responses={200: REVIEW.serializer(many=True), 301: None})
    @follows_renames(selectors.find_renamed_product)
    def get(self, request: Request, slug: str) -> HttpResponse:
        """List the approved reviews of a product. Numbers of who found them helpful may be 5 minutes old."""
        address = canonical_address(request, known=(*ReviewFilter.base_filters, *PAGING))
        body = REVIEW_LISTS.fetch(address, tags=[page_of(slug), PAGES], render=lambda: dumps(self.page(request, slug)))
        return answer(request, body.content, etag=body.etag)

    def page(self, request: Request, slug: str) -> Any:
        reviews = selectors.list_reviews(product_id=product_of(slug))
        chosen = ReviewFilter(request.query_params, queryset=reviews, request=request)
        if not chosen.is_valid():
            raise translate_validation(chosen.errors)
        pages = ReviewPages()
        rows = pages.paginate_queryset(chosen.qs.values(*REVIEW.columns), request, view=self)
        return pages.get_paginated_response(REVIEW.objects_of(rows)).data

    @property
    def cursor_ordering(self) -> Sequence[str]:
        return ORDERINGS.get(self.request.query_params.get("sort") or DEFAULT_SORT, ORDERINGS[DEFAULT_SORT])

    @extend_schema(operation_id="write_review", tags=TAGS, request=ReviewBody, responses={201: OWN_REVIEW.serializer})
    def post(self, request: Request, slug: str) -> Response:
        """Review a product, once. Others see it when the shop has approved it."""
        text = text_of(request)
        review = services.write_review(product_id=product_of(slug), user_id=customer_of(request), text=text)
        return Response(own(review), status=201)

    @extend_schema(operation_id="change_review", tags=TAGS, request=ReviewBody, responses=OWN_REVIEW.serializer)
    def put(self, request: Request, slug: str) -> Response:
        """Change your review; it waits for the shop anew, unless it says what it said."""
        text = text_of(request)
        review = services.change_review(product_id=product_of(slug), user_id=customer_of(request), text=text)
        return Response(own(review))

    @extend_schema(operation_id="delete_review", tags=TAGS, responses={204: None})
    def delete(self, request: Request, slug: str) -> Response:
        """Take your review away."""
        services.delete_review(product_id=product_of(slug), user_id=customer_of(request))
        return Response(status=204)


class OwnReview(APIView):
    permission_classes = (IsAuthenticated,)

    @extend_schema(operation_id="get_own_review", tags=TAGS, responses=OWN_REVIEW.serializer)
    def get(self, request: Request, slug: str) -> HttpResponse:
        """Show your review, whether it waits, is approved, or was rejected and why."""
        review = selectors.get_own_review(product_id=product_of(slug), user_id=customer_of(request))
        return answer(request, own(review))


class HelpfulVote(APIView):
    permission_classes = (IsAuthenticated,)
    throttle_scope = "review_votes"

    @extend_schema(operation_id="vote_helpful", tags=TAGS, request=None, responses=HELPFUL.serializer)
    def put(self, request: Request, review_id: UUID) -> Response:
        """Say that a review was helpful, once; not of your own."""
        count = services.vote_helpful(review_id=review_id, user_id=customer_of(request))
        return Response({"helpful_count": count})

    @extend_schema(operation_id="take_back_vote", tags=TAGS, responses={200: HELPFUL.serializer})
    def delete(self, request: Request, review_id: UUID) -> Response:
        """Take back that it was helpful."""
        count = services.take_back_vote(review_id=review_id, user_id=customer_of(request))
        return Response({"helpful_count": count})


def product_of(slug: str) -> UUID:
    """Return the id of a product that customers see. Raises ProductNotFound."""
    found: UUID = selectors.get_product(slug=slug, columns=["id"])["id"]
    return found


def customer_of(request: Request) -> UUID:
    return cast(UUID, request.user.pk)


def text_of(request: Request) -> services.ReviewText:
    body = ReviewBody(data=request.data)
    body.is_valid(raise_exception=True)
    return services.ReviewText(**body.validated_data)
