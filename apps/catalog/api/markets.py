"""Markets, and lists and pages in the prices of one."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request

from apps.catalog import selectors
from apps.catalog.caching import MARKET_LISTS, MARKETS
from apps.core.api.etag import answer
from apps.core.api.shapes import Field, Shape
from apps.core.api.views import PublicView
from apps.core.exceptions import InvalidInput
from apps.core.json import dumps
from apps.core.money import formatted

MARKET = Shape(
    "Market",
    Field("code", serializers.CharField(help_text="What `?market=` names it by.")),
    Field("name", serializers.CharField(help_text="As people see it.")),
    Field("currency", serializers.CharField(help_text="The ISO 4217 code of its prices.")),
    Field("countries", serializers.ListField(child=serializers.CharField(), help_text="ISO 3166, two letters.")),
)
MARKET_PARAMETER = OpenApiParameter(
    "market", str, description="The code of a market: prices are those there, in its currency."
)


class Markets(PublicView):
    @extend_schema(operation_id="list_markets", tags=["catalog"], responses=MARKET.serializer(many=True))
    def get(self, request: Request) -> HttpResponse:
        """List the markets in which the shop sells."""
        body = MARKET_LISTS.fetch("", tags=[MARKETS], render=markets_page)
        return answer(request, body.content, etag=body.etag)


def markets_page() -> bytes:
    return dumps(MARKET.objects_of(selectors.list_markets().values(*MARKET.columns)))


def market_of(request: Request) -> selectors.Place | None:
    """Return the market a request names; None where it names none. Raises InvalidInput where the shop has no such."""
    code = request.query_params.get("market")
    if not code:
        return None
    try:
        return selectors.get_market(code=code)
    except selectors.MarketNotFound as error:
        raise InvalidInput("There is no such market.", errors={"market": [error.message]}) from error


def repriced(products: list[dict[str, Any]], market: selectors.Place) -> list[dict[str, Any]]:
    """Return listed products with their prices in a market, from one query."""
    ids = [UUID(str(product["id"])) for product in products]
    prices = selectors.list_product_prices(market=market, product_ids=ids)
    return [product | amounts(prices.get(of), market) for product, of in zip(products, ids, strict=True)]


def repriced_page(page: dict[str, Any], market: selectors.Place) -> dict[str, Any]:
    """
    Return the object of a product with its prices and those of its variants in a market.

    A variant without a price there costs what it costs in the shop where the currency is the same, else it is left out.

    Raises:
        ProductNotFound: nothing of it is sold in the market.
    """
    own = selectors.list_variant_prices(market=market, product_id=page["id"])
    variants = list(variants_in(page["variants"], own, market))
    (product,) = repriced([page], market)
    if product["price"] is None:
        raise selectors.ProductNotFound("The product is not sold in this market.", slug=page["slug"])
    return product | {"variants": variants}


def variants_in(
    variants: list[dict[str, Any]], own: dict[UUID, selectors.Price], market: selectors.Place
) -> Iterable[dict[str, Any]]:
    for variant in variants:
        if variant["id"] in own:
            yield variant | amounts(own[variant["id"]], market)
        elif market.falls_back:
            yield variant


def amounts(price: selectors.Price | None, market: selectors.Place) -> dict[str, Any]:
    """Return the members that differ from market to market."""
    return {
        "price": price and formatted(price.price, market.currency),
        "compare_price": price and price.compare_price and formatted(price.compare_price, market.currency),
        "currency": market.currency,
    }
