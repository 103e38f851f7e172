"""Products as the shop's people make and edit them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.utils.http import parse_etags
from django.utils.text import slugify
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from apps.catalog import selectors, services
from apps.catalog.models import Product
from apps.core.api.pagination import CursorPages
from apps.core.api.views import StaffView

from .product_shapes import (
    LISTED_STAFF_PRODUCT,
    STAFF_PRODUCT,
    NewProductBody,
    NewVariantBody,
    OrderBody,
    ProductBody,
    VariantBody,
    product_object,
)

TAGS = ["staff: catalog"]
IF_MATCH = OpenApiParameter(
    "If-Match",
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    description="The `ETag` the product was read with: the request is refused with 412 (`changed_meanwhile`) where "
    "somebody else has changed it since. Stock and ratings do not count. Without it the last writer wins.",
)
# Ids rise with time, and are an index of all products; that of `created_at` knows the active ones.
NEWEST_FIRST = ("-id",)


class Chosen(serializers.Serializer[Any]):
    state = serializers.ChoiceField(choices=list(selectors.STATES), required=False)
    q = serializers.CharField(required=False, max_length=200)


@contextmanager
def acting(request: Request) -> Iterator[None]:
    with services.acting(actor_id=request.user.pk, source="api"):
        yield


def versions_of(request: Request) -> list[str] | None:
    """Return the entity tags the client has seen; None where it does not say."""
    header = request.headers.get("If-Match")
    return None if header is None else parse_etags(header)


def sheet_answer(product_id: UUID, *, status: int = 200) -> Response:
    sheet = selectors.get_sheet(product_id=product_id)
    return Response(product_object(sheet), status=status, headers={"ETag": sheet["version"]})


def checked(body: serializers.BaseSerializer[Any]) -> dict[str, Any]:
    body.is_valid(raise_exception=True)
    given: dict[str, Any] = body.validated_data
    return given


class StaffProducts(StaffView, GenericAPIView[Any]):
    permissions = {"GET": "products.view", "POST": "products.add"}
    queryset = Product.objects.none()
    serializer_class = LISTED_STAFF_PRODUCT.serializer
    pagination_class = CursorPages
    cursor_ordering = NEWEST_FIRST

    @extend_schema(
        operation_id="list_staff_products",
        tags=TAGS,
        parameters=[Chosen],
        responses=LISTED_STAFF_PRODUCT.serializer(many=True),
    )
    def get(self, request: Request) -> Response:
        """List products, drafts among them, the newest first; `q` is a whole SKU, or beginnings of words."""
        chosen = checked(Chosen(data=request.query_params))
        found = selectors.list_all_products(state=chosen.get("state"), text=chosen.get("q"))
        pages = CursorPages()
        rows = pages.paginate_queryset(found.values(*LISTED_STAFF_PRODUCT.columns), request, view=self)
        return pages.get_paginated_response(LISTED_STAFF_PRODUCT.objects_of(rows))

    @extend_schema(
        operation_id="create_product", tags=TAGS, request=NewProductBody, responses={201: STAFF_PRODUCT.serializer}
    )
    def post(self, request: Request) -> Response:
        """Make a product with its variants; without any it gets its only one. It is seen from `published_at` on."""
        fields = checked(NewProductBody(data=request.data))
        variants, categories = fields.pop("variants", []), fields.pop("category_ids", [])
        fields.setdefault("slug", slugify(fields["name"]))
        with acting(request):
            product_id = services.create_product(fields=fields, variants=variants, category_ids=categories)
            return sheet_answer(product_id, status=201)


class StaffProduct(StaffView):
    permissions = {"GET": "products.view", "PATCH": "products.change", "DELETE": "products.delete"}

    @extend_schema(operation_id="get_staff_product", tags=TAGS, responses=STAFF_PRODUCT.serializer)
    def get(self, request: Request, product_id: UUID) -> Response:
        """Show a product with everything that can be edited; its `ETag` is for If-Match."""
        return sheet_answer(product_id)

    @extend_schema(
        operation_id="change_product",
        tags=TAGS,
        parameters=[IF_MATCH],
        request=ProductBody(partial=True),
        responses=STAFF_PRODUCT.serializer,
    )
    def patch(self, request: Request, product_id: UUID) -> Response:
        """Change the fields that are sent; `is_active` takes a product off the shop's pages, or puts it back."""
        fields = checked(ProductBody(data=request.data, partial=True))
        categories = fields.pop("category_ids", None)
        with acting(request):
            services.change_product(
                product_id=product_id, fields=fields, category_ids=categories, versions=versions_of(request)
            )
            return sheet_answer(product_id)

    @extend_schema(operation_id="delete_product", tags=TAGS, parameters=[IF_MATCH], responses={204: None})
    def delete(self, request: Request, product_id: UUID) -> Response:
        """
        Delete a product that was never in stock and never ordered.

        Any other is refused (409, `still_named`), since orders and the ledger of stock name it: deactivate it.
        """
        with acting(request):
            services.delete_product(product_id=product_id, versions=versions_of(request))
        return Response(status=204)


class StaffVariants(StaffView):
    permissions = {"POST": "products.change", "PUT": "products.change"}

    @extend_schema(
        operation_id="add_variant",
        tags=TAGS,
        parameters=[IF_MATCH],
        request=NewVariantBody,
        responses={201: STAFF_PRODUCT.serializer},
    )
    def post(self, request: Request, product_id: UUID) -> Response:
        """Add a variant, whose options are among those of the product; answers the whole product."""
        fields = checked(NewVariantBody(data=request.data))
        with acting(request):
            services.add_variant(product_id=product_id, fields=fields, versions=versions_of(request))
            return sheet_answer(product_id, status=201)

    @extend_schema(
        operation_id="order_variants",
        tags=TAGS,
        parameters=[IF_MATCH],
        request=OrderBody,
        responses=STAFF_PRODUCT.serializer,
    )
    def put(self, request: Request, product_id: UUID) -> Response:
        """Show the variants in this order."""
        ids = checked(OrderBody(data=request.data))["variant_ids"]
        with acting(request):
            services.order_variants(product_id=product_id, variant_ids=ids, versions=versions_of(request))
            return sheet_answer(product_id)


class StaffVariant(StaffView):
    permissions = {"PATCH": "products.change", "DELETE": "products.change"}

    @extend_schema(
        operation_id="change_variant",
        tags=TAGS,
        parameters=[IF_MATCH],
        request=VariantBody(partial=True),
        responses=STAFF_PRODUCT.serializer,
    )
    def patch(self, request: Request, product_id: UUID, variant_id: UUID) -> Response:
        """Change the fields of a variant that are sent; its stock changes under /staff/stock/ alone."""
        fields = checked(VariantBody(data=request.data, partial=True))
        with acting(request):
            services.change_variant(
                product_id=product_id, variant_id=variant_id, fields=fields, versions=versions_of(request)
            )
            return sheet_answer(product_id)

    @extend_schema(operation_id="delete_variant", tags=TAGS, parameters=[IF_MATCH], responses={204: None})
    def delete(self, request: Request, product_id: UUID, variant_id: UUID) -> Response:
        """Delete a variant that was never in stock and never ordered, and is not the last; else deactivate it."""
        with acting(request):
            services.delete_variant(product_id=product_id, variant_id=variant_id, versions=versions_of(request))
        return Response(status=204)
