"""Prices in bulk: changing them, looking at what was changed, putting it back."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer

from apps.catalog import selectors, services
from apps.catalog.models import IdempotencyRecord, PriceChange, PriceChangeItem
from apps.core.api.idempotency import Answer, once
from apps.core.api.pagination import CursorPages
from apps.core.api.schema import IDEMPOTENCY_KEY
from apps.core.api.views import StaffView
from apps.core.exceptions import DomainError

from .price_shapes import (
    PRICE_CHANGE,
    PRICE_CHANGE_ITEM,
    STEPS,
    TARGETS,
    ActivationsBody,
    BulkAnswer,
    NewPricesAnswer,
    NewPricesBody,
    UndoneSerializer,
    answer_of,
)

TAGS = ["staff: catalog"]
# What one request may put back: a second or two.
MOST_UNDONE = 10_000


class TooManyToUndo(DomainError):
    """A change of prices is too large to be put back by one request."""

    code = "too_many_to_undo"


def done_once(request: Request, act: str, perform: Callable[[], Response]) -> Answer:
    """Do what the request asks, once for its Idempotency-Key."""
    scope = f"{act}:{request.user.pk}"
    return once(request, using="catalog", model=IdempotencyRecord, scope=scope, perform=perform, required=True)


def checked(body: type[Serializer[Any]], request: Request) -> dict[str, Any]:
    given = body(data=request.data)
    given.is_valid(raise_exception=True)
    checked: dict[str, Any] = given.validated_data
    return checked


def target_of(item: Mapping[str, Any]) -> services.Target:
    return services.Target(**{name: item[name] for name in TARGETS if name in item})


def repricing_of(item: Mapping[str, Any]) -> services.Repricing:
    said = {name: item[name] for name in (*STEPS, "compare_price") if name in item}
    return services.Repricing(target=target_of(item), **said)


class BulkPrices(StaffView):
    permissions = {"POST": "products.change"}

    @extend_schema(
        operation_id="change_prices",
        tags=TAGS,
        parameters=[IDEMPOTENCY_KEY],
        request=NewPricesBody,
        responses=NewPricesAnswer,
    )
    def post(self, request: Request) -> Answer:
        """
        Change the prices of variants, or of all variants of products, up to 1,000 items.

        Each item is done or refused by itself, and `results` says what came of it. `change_id` puts all of it back.
        """
        return done_once(request, "change_prices", lambda: self.changed(request))

    def changed(self, request: Request) -> Response:
        body = checked(NewPricesBody, request)
        made = services.change_prices(
            changes=[repricing_of(item) for item in body["items"]],
            actor_id=request.user.pk,
            source=PriceChange.Source.API,
            note=body.get("note"),
            atomic=body["atomic"],
        )
        return Response({"change_id": made.change_id, **answer_of(made.items)})


class BulkActivation(StaffView):
    permissions = {"POST": "products.change"}

    @extend_schema(
        operation_id="set_active",
        tags=TAGS,
        parameters=[IDEMPOTENCY_KEY],
        request=ActivationsBody,
        responses=BulkAnswer,
    )
    def post(self, request: Request) -> Answer:
        """
        Put variants on sale and show products, or take them off, up to 1,000 items.

        Each item is done or refused by itself, and `results` says what came of it.
        """
        return done_once(request, "set_active", lambda: self.switched(request))

    def switched(self, request: Request) -> Response:
        body = checked(ActivationsBody, request)
        changes = [services.Activation(target=target_of(item), is_active=item["is_active"]) for item in body["items"]]
        with services.acting(actor_id=request.user.pk, source="bulk"):
            results = services.set_active(changes=changes, atomic=body["atomic"])
        return Response(answer_of(results))


class PriceChanges(StaffView, GenericAPIView[Any]):
    permissions = {"GET": "products.view"}
    queryset = PriceChange.objects.none()
    serializer_class = PRICE_CHANGE.serializer
    pagination_class = CursorPages
    cursor_ordering = ("-id",)

    @extend_schema(operation_id="list_price_changes", tags=TAGS, responses=PRICE_CHANGE.serializer(many=True))
    def get(self, request: Request) -> Response:
        """List the changes of prices that were made in bulk, the newest first."""
        pages = CursorPages()
        rows = pages.paginate_queryset(selectors.list_price_changes(), request, view=self)
        return pages.get_paginated_response(PRICE_CHANGE.objects_of(rows))


class PriceChangeDetail(StaffView):
    permissions = {"GET": "products.view"}

    @extend_schema(operation_id="get_price_change", tags=TAGS, responses=PRICE_CHANGE.serializer)
    def get(self, request: Request, change_id: UUID) -> Response:
        """Show one change of prices; `items/` lists its variants."""
        return Response(PRICE_CHANGE.object_of(selectors.get_price_change(change_id=change_id)))


class PriceChangeItems(StaffView, GenericAPIView[Any]):
    permissions = {"GET": "products.view"}
    queryset = PriceChangeItem.objects.none()
    serializer_class = PRICE_CHANGE_ITEM.serializer
    pagination_class = CursorPages
    cursor_ordering = ("variant_id",)

    @extend_schema(operation_id="list_price_change_items", tags=TAGS, responses=PRICE_CHANGE_ITEM.serializer(many=True))
    def get(self, request: Request, change_id: UUID) -> Response:
        """List what the variants of one change cost before and after."""
        selectors.get_price_change(change_id=change_id)
        pages = CursorPages()
        rows = pages.paginate_queryset(selectors.list_price_change_items(change_id=change_id), request, view=self)
        return pages.get_paginated_response(PRICE_CHANGE_ITEM.objects_of(rows))


class UndoPriceChange(StaffView):
    permissions = {"POST": "products.change"}

    @extend_schema(
        operation_id="undo_price_change",
        tags=TAGS,
        parameters=[IDEMPOTENCY_KEY],
        request=None,
        responses=UndoneSerializer,
    )
    def post(self, request: Request, change_id: UUID) -> Answer:
        """
        Put back the prices that one change gave, where they are still the new ones.

        Refused (409) with `price_change_is_undone` the second time, and with `too_many_to_undo` where the change has
        more than 10,000 variants.
        """
        return done_once(request, "undo_price_change", lambda: self.undone(request, change_id))

    def undone(self, request: Request, change_id: UUID) -> Response:
        count = selectors.get_price_change(change_id=change_id)["items_count"]
        if count > MOST_UNDONE:
            raise TooManyToUndo(
                f"{count:,} prices are too many for one request: use `manage.py undo_prices {change_id}`.",
                items_count=count,
            )
        undone = services.undo_price_change(change_id=change_id, actor_id=request.user.pk, at_most=MOST_UNDONE)
        left = [{"variant_id": item.variant_id, "sku": item.sku} for item in undone.left]
        return Response({"restored": undone.restored, "left": left})
