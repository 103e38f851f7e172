"""Stock as the shop's people keep it: what came, what is missing, what is there, what moved."""

from collections.abc import Callable, Sequence
from typing import Any

from django.http import HttpResponse
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer

from apps.catalog import selectors, services
from apps.catalog.models import IdempotencyRecord, InventoryMovement, ProductVariant
from apps.core.api.idempotency import Answer, once
from apps.core.api.pagination import CursorPages
from apps.core.api.schema import IDEMPOTENCY_KEY
from apps.core.api.views import StaffView
from apps.core.exceptions import InvalidInput

from .stock_shapes import LEVEL, MOVEMENT, AdjustmentBody, MovedAnswer, RestockBody

TAGS = ["staff: catalog"]
Mover = Callable[..., list[services.MovedItem]]
MOST_SKUS = 100


def moved_once(request: Request, body: type[Serializer[Any]], move: Mover, *, named: str) -> Answer:
    """Move what the request lists, once for its Idempotency-Key."""

    def perform() -> Response:
        return moved(request, body, move)

    scope = f"{named}:{request.user.pk}"
    return once(request, using="catalog", model=IdempotencyRecord, scope=scope, perform=perform, required=True)


def moved(request: Request, body: type[Serializer[Any]], move: Mover) -> Response:
    given = body(data=request.data)
    given.is_valid(raise_exception=True)
    reference = given.validated_data.get("reference_id")
    because = services.Because(
        reference_id=reference, reference_type="document" if reference else None, user_id=request.user.pk
    )
    results = move(items=[item_of(item) for item in given.validated_data["items"]], because=because)
    return Response(results_of(results))


def results_of(results: Sequence[services.MovedItem]) -> dict[str, Any]:
    refused = sum(result.refusal is not None for result in results)
    return {
        "moved": len(results) - refused,
        "refused": refused,
        "results": [answer_of(result) for result in results],
    }


def item_of(given: dict[str, Any]) -> services.StockItem:
    return services.StockItem(
        sku=given["sku"],
        quantity=given["quantity"],
        reason=given.get("reason"),
        notes=given.get("note"),
        location=given.get("location"),
    )


def answer_of(result: services.MovedItem) -> dict[str, Any]:
    answer = {"sku": result.item.sku, "status": "moved", "inventory_quantity": result.inventory_quantity}
    if result.refusal is None:
        return answer
    return answer | {"status": "refused", "code": result.refusal.code, "detail": result.refusal.message}


def skus_of(request: Request) -> list[str]:
    skus = request.query_params.getlist("sku")
    if len(skus) > MOST_SKUS:
        raise InvalidInput("Too many SKUs.", errors={"sku": [f"Give {MOST_SKUS} at most."]})
    return skus


class Restocks(StaffView):
    permissions = {"POST": "inventory.restock"}

    @extend_schema(
        operation_id="restock", tags=TAGS, parameters=[IDEMPOTENCY_KEY], request=RestockBody, responses=MovedAnswer
    )
    def post(self, request: Request) -> Answer:
        """
        Take delivered goods into stock, up to 1,000 items.

        Each item moves or is refused by itself, and `results` says what became of it: refused is what has an unknown
        SKU (`variant_not_found`) or place (`location_not_found`).
        """
        return moved_once(request, RestockBody, services.restock_items, named="restock")


class Adjustments(StaffView):
    permissions = {"POST": "inventory.adjust"}

    @extend_schema(
        operation_id="adjust_stock",
        tags=TAGS,
        parameters=[IDEMPOTENCY_KEY],
        request=AdjustmentBody,
        responses=MovedAnswer,
    )
    def post(self, request: Request) -> Answer:
        """
        Correct the stock by what was found or is missing, up to 1,000 items, each with its reason.

        Each item moves or is refused by itself, in the order sent: refused is what has an unknown SKU
        (`variant_not_found`) or place (`location_not_found`), or would leave less than nothing to sell, at its place
        where it names one (`stock_cannot_be_negative`).
        """
        return moved_once(request, AdjustmentBody, services.adjust_items, named="adjust_stock")


class StockPages(StaffView, GenericAPIView[Any]):
    """A list by cursor, for those who may look at the stock."""

    permissions = {"GET": "inventory.view"}
    pagination_class = CursorPages
    cursor_ordering: Sequence[str]

    def page(self, request: Request, rows: Any, write: Callable[[Any], list[dict[str, Any]]]) -> Response:
        pages = CursorPages()
        return pages.get_paginated_response(write(pages.paginate_queryset(rows, request, view=self)))


class Levels(StockPages):
    queryset = ProductVariant.objects.none()
    serializer_class = LEVEL.serializer
    cursor_ordering = ("sku",)

    @extend_schema(
        operation_id="list_stock_levels",
        tags=TAGS,
        parameters=[
            OpenApiParameter("sku", str, many=True, description=f"These SKUs alone, {MOST_SKUS} at most."),
            OpenApiParameter("below_threshold", bool, description="Only what is low: active, counted, and scarce."),
        ],
        responses=LEVEL.serializer(many=True),
    )
    def get(self, request: Request) -> HttpResponse:
        """List what is in stock of each variant, for sale or not, by SKU."""
        skus = skus_of(request)
        only_low = request.query_params.get("below_threshold", "").lower() in ("1", "true")
        return self.page(request, selectors.list_levels(skus=skus, only_low=only_low), LEVEL.objects_of)


class Movements(StockPages):
    queryset = InventoryMovement.objects.none()
    serializer_class = MOVEMENT.serializer
    cursor_ordering = ("-created_at", "-id")

    @extend_schema(
        operation_id="list_stock_movements",
        tags=TAGS,
        parameters=[OpenApiParameter("sku", str, required=True)],
        responses=MOVEMENT.serializer(many=True),
    )
    def get(self, request: Request) -> HttpResponse:
        """List the movements of one variant, the newest first."""
        sku = request.query_params.get("sku", "")
        if not sku:
            raise InvalidInput("Whose movements?", errors={"sku": ["Give the SKU of a variant."]})
        return self.page(request, selectors.list_ledger(sku=sku), MOVEMENT.objects_of)
