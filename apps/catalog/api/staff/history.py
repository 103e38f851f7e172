"""Who changed what of a product."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from apps.catalog import selectors
from apps.catalog.models import ProductChange
from apps.core.api.pagination import CursorPages
from apps.core.api.shapes import Field, Shape
from apps.core.api.views import StaffView

CHANGE = Shape(
    "ProductChange",
    Field("id", serializers.IntegerField(help_text="Later changes have higher ones.")),
    Field("at", serializers.DateTimeField(help_text="When it was made."), "created_at"),
    Field("actor_id", serializers.UUIDField(allow_null=True, help_text="The user who made it; null where unknown.")),
    Field("source", serializers.CharField(help_text="By what way: admin, api, import, bulk; sql where nobody said.")),
    Field("action", serializers.ChoiceField(choices=ProductChange.Action.choices)),
    Field("variant_id", serializers.UUIDField(allow_null=True, help_text="Null where the product itself changed.")),
    Field("sku", serializers.CharField(allow_null=True, help_text="Of the variant, today; null where it is gone.")),
    Field(
        "changes",
        serializers.DictField(
            help_text="Each field: of a change `[old, new]`, else its value. Money is a decimal string."
        ),
    ),
)


class ProductHistory(StaffView, GenericAPIView[Any]):
    permissions = {"GET": "products.view"}
    queryset = ProductChange.objects.none()
    serializer_class = CHANGE.serializer
    pagination_class = CursorPages
    cursor_ordering = ("-id",)

    @extend_schema(operation_id="list_product_changes", tags=["staff: catalog"], responses=CHANGE.serializer(many=True))
    def get(self, request: Request, product_id: UUID) -> Response:
        """List who changed what of a product and its variants, the newest first; a deleted one's history stays."""
        pages = CursorPages()
        rows = pages.paginate_queryset(selectors.list_product_changes(product_id=product_id), request, view=self)
        return pages.get_paginated_response(CHANGE.objects_of(rows))
