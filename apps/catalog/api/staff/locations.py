"""The places where stock stands, and carrying it between them."""

from typing import Any

from django.http import HttpResponse
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.catalog import selectors, services
from apps.catalog.models import IdempotencyRecord, LocationMovement, StockLevel
from apps.core.api.idempotency import Answer, once
from apps.core.api.schema import IDEMPOTENCY_KEY
from apps.core.api.shapes import Field, Shape
from apps.core.api.views import StaffView
from apps.core.ids import new_id

from .stock import MOST_SKUS, TAGS, StockPages, item_of, results_of, skus_of
from .stock_shapes import MOST_ITEMS, MOST_PIECES, MovedAnswer

MOST = 2_147_483_647
PRIORITY: dict[str, Any] = {"min_value": -MOST, "max_value": MOST, "help_text": "The lowest comes first."}


class LocationBody(serializers.Serializer[Any]):
    code = serializers.RegexField(r"^[a-z0-9-]+\Z", max_length=50)
    name = serializers.CharField(max_length=255)
    priority = serializers.IntegerField(default=0, **PRIORITY)


class LocationChanges(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=255, required=False)
    priority = serializers.IntegerField(required=False, **PRIORITY)
    is_active = serializers.BooleanField(required=False, help_text="False closes it; nothing may stand there.")


class TransferItem(serializers.Serializer[Any]):
    sku = serializers.CharField(max_length=100)
    quantity = serializers.IntegerField(min_value=1, max_value=MOST_PIECES)


class TransferBody(serializers.Serializer[Any]):
    from_location = serializers.CharField(max_length=50, help_text="The code of the place they leave.")
    to_location = serializers.CharField(max_length=50)
    items = serializers.ListField(child=TransferItem(), min_length=1, max_length=MOST_ITEMS)


class TransferAnswer(MovedAnswer):
    transfer_id = serializers.UUIDField(help_text="Under which its movements stand.")


LOCATION = Shape(
    "StockLocation",
    Field("code", serializers.CharField()),
    Field("name", serializers.CharField()),
    Field("priority", serializers.IntegerField(help_text="Orders take from the lowest first.")),
    Field("is_active", serializers.BooleanField()),
)
LEVEL_AT = Shape(
    "StockLevelAtLocation",
    Field("sku", serializers.CharField()),
    Field("variant_id", serializers.UUIDField()),
    Field("available", serializers.IntegerField(help_text="What can be sold from here; below zero is owed to buyers.")),
    Field("reserved", serializers.IntegerField(help_text="What orders under way hold here.")),
    Field("on_hand", serializers.IntegerField(help_text="The sum of both.")),
)
MOVEMENT_AT = Shape(
    "StockMovementAtLocation",
    Field("id", serializers.UUIDField()),
    Field("sku", serializers.CharField()),
    Field("movement_type", serializers.ChoiceField(choices=LocationMovement.Type.choices)),
    Field("quantity", serializers.IntegerField(help_text="Pieces, negative when they left the place.")),
    Field("reference_id", serializers.UUIDField(allow_null=True, help_text="The order, or another document.")),
    Field("created_by", serializers.UUIDField(allow_null=True)),
    Field("created_at", serializers.DateTimeField()),
)


def location_object(code: str) -> dict[str, Any]:
    return LOCATION.object_of(selectors.list_locations().get(code=code))


class Locations(StaffView):
    permissions = {"GET": "inventory.view", "POST": "inventory.adjust"}

    @extend_schema(operation_id="list_stock_locations", tags=TAGS, responses=LOCATION.serializer(many=True))
    def get(self, request: Request) -> Response:
        """List the places of the shop in the order in which orders take from them."""
        return Response(LOCATION.objects_of(selectors.list_locations()))

    @extend_schema(
        operation_id="add_stock_location", tags=TAGS, request=LocationBody, responses={201: LOCATION.serializer}
    )
    def post(self, request: Request) -> Response:
        """Open a place. Variants get places when stock is moved there, or by `manage.py locate_stock`."""
        body = LocationBody(data=request.data)
        body.is_valid(raise_exception=True)
        services.add_location(**body.validated_data)
        return Response(location_object(body.validated_data["code"]), status=201)


class Location(StaffView):
    permissions = {"PATCH": "inventory.adjust"}

    @extend_schema(
        operation_id="change_stock_location", tags=TAGS, request=LocationChanges, responses=LOCATION.serializer
    )
    def patch(self, request: Request, code: str) -> Response:
        """Rename a place, move it in the order, close it (`location_in_use` where anything stands) or open it again."""
        body = LocationChanges(data=request.data)
        body.is_valid(raise_exception=True)
        services.change_location(code=code, fields=body.validated_data)
        return Response(location_object(code))


class LevelsAt(StockPages):
    queryset = StockLevel.objects.none()
    serializer_class = LEVEL_AT.serializer
    cursor_ordering = ("sku",)

    @extend_schema(
        operation_id="list_stock_levels_at",
        tags=TAGS,
        parameters=[OpenApiParameter("sku", str, many=True, description=f"These SKUs alone, {MOST_SKUS} at most.")],
        responses=LEVEL_AT.serializer(many=True),
    )
    def get(self, request: Request, code: str) -> HttpResponse:
        """List what stands at one place, by SKU."""
        return self.page(request, selectors.list_levels_at(code=code, skus=skus_of(request)), LEVEL_AT.objects_of)


class MovementsAt(StockPages):
    queryset = LocationMovement.objects.none()
    serializer_class = MOVEMENT_AT.serializer
    cursor_ordering = ("-created_at", "-id")

    @extend_schema(
        operation_id="list_stock_movements_at",
        tags=TAGS,
        parameters=[OpenApiParameter("sku", str)],
        responses=MOVEMENT_AT.serializer(many=True),
    )
    def get(self, request: Request, code: str) -> HttpResponse:
        """List what came to one place and left it, the newest first."""
        movements = selectors.list_movements_at(code=code, sku=request.query_params.get("sku", ""))
        return self.page(request, movements, MOVEMENT_AT.objects_of)


class Transfers(StaffView):
    permissions = {"POST": "inventory.adjust"}

    @extend_schema(
        operation_id="transfer_stock",
        tags=TAGS,
        parameters=[IDEMPOTENCY_KEY],
        request=TransferBody,
        responses=TransferAnswer,
    )
    def post(self, request: Request) -> Answer:
        """
        Carry stock from one place to another, up to 1,000 items. What orders hold stays where it is.

        Each item moves or is refused by itself, in the order sent: refused is what has an unknown SKU
        (`variant_not_found`) or what the source has not free (`not_enough_at_location`).
        """
        return once(
            request,
            using="catalog",
            model=IdempotencyRecord,
            scope=f"transfer_stock:{request.user.pk}",
            perform=lambda: transferred(request),
            required=True,
        )


def transferred(request: Request) -> Response:
    body = TransferBody(data=request.data)
    body.is_valid(raise_exception=True)
    given, transfer_id = body.validated_data, new_id()
    results = services.transfer_stock(
        items=[item_of(item) for item in given["items"]],
        source=given["from_location"],
        destination=given["to_location"],
        transfer_id=transfer_id,
        user_id=request.user.pk,
    )
    return Response({**results_of(results), "transfer_id": transfer_id})
