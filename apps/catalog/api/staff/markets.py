"""Prices of markets, as the shop's people set them."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from apps.catalog import selectors, services
from apps.catalog.models import MarketPrice
from apps.core.api.pagination import CursorPages
from apps.core.api.shapes import Field, Shape
from apps.core.api.views import StaffView
from apps.core.money import formatted

MOST_PRICES = 1_000
AMOUNT: dict[str, Any] = {"max_digits": 12, "decimal_places": 3, "min_value": 0, "allow_null": True}


class NewMarketPriceBody(serializers.Serializer[Any]):
    sku = serializers.CharField(max_length=100)
    price = serializers.DecimalField(help_text="In the market's currency; null takes it away.", **AMOUNT)
    compare_price = serializers.DecimalField(required=False, help_text="The former, higher one.", **AMOUNT)


class NewMarketPricesBody(serializers.Serializer[Any]):
    prices = serializers.ListField(child=NewMarketPriceBody(), min_length=1, max_length=MOST_PRICES)


class NewMarketPricesAnswer(serializers.Serializer[Any]):
    products_changed = serializers.IntegerField()


MARKET_PRICE = Shape(
    "MarketPrice",
    Field("variant_id", serializers.UUIDField()),
    Field("sku", serializers.CharField(), "variant__sku"),
    Field("price", serializers.CharField(help_text="In the market's currency."), computed=True),
    Field("compare_price", serializers.CharField(allow_null=True), computed=True),
    Field("currency", serializers.CharField(), computed=True),
    Field("updated_at", serializers.DateTimeField()),
)


def price_object(row: dict[str, Any], currency: str) -> dict[str, Any]:
    amounts = {
        name: None if row[name] is None else formatted(row[name], currency) for name in ("price", "compare_price")
    }
    return MARKET_PRICE.object_of(row, **amounts, currency=currency)


class MarketPrices(StaffView, GenericAPIView[Any]):
    permissions = {"GET": "products.view", "PUT": "products.change"}
    queryset = MarketPrice.objects.none()
    serializer_class = MARKET_PRICE.serializer
    pagination_class = CursorPages
    cursor_ordering = ("variant_id",)

    @extend_schema(
        operation_id="list_market_prices", tags=["staff: catalog"], responses=MARKET_PRICE.serializer(many=True)
    )
    def get(self, request: Request, code: str) -> Response:
        """List what variants cost in a market, where they have a price of its own."""
        market = selectors.get_market(code=code)
        pages = CursorPages()
        rows = pages.paginate_queryset(selectors.list_market_prices(market=market), request, view=self)
        return pages.get_paginated_response([price_object(row, market.currency) for row in rows])

    @extend_schema(
        operation_id="set_market_prices",
        tags=["staff: catalog"],
        request=NewMarketPricesBody,
        responses=NewMarketPricesAnswer,
    )
    def put(self, request: Request, code: str) -> Response:
        """Give variants prices in a market, up to 1,000, all or none; others stay as they are."""
        body = NewMarketPricesBody(data=request.data)
        body.is_valid(raise_exception=True)
        prices = [services.NewMarketPrice(**price) for price in body.validated_data["prices"]]
        market = selectors.get_market(code=code)
        with services.acting(actor_id=request.user.pk, source="api"):
            changed = services.set_market_prices(market=market, prices=prices)
        return Response({"products_changed": changed})
