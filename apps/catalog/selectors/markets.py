"""What things cost in a market."""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import DecimalField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from apps.catalog.models import Market, MarketPrice, Product, ProductVariant
from apps.catalog.statements import DATABASE, SQL
from apps.core.exceptions import NotFound


class MarketNotFound(NotFound):
    """The shop sells in no market of this code."""

    code = "market_not_found"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A market as prices know it; where `falls_back`, what has no price there costs what it costs in the shop."""

    id: UUID
    code: str
    currency: str

    @property
    def falls_back(self) -> bool:
        return self.currency == settings.SHOP_CURRENCY


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """What something costs in a market, in its currency; `compare_price` is the former, higher one."""

    price: Decimal
    compare_price: Decimal | None


def list_markets() -> QuerySet[Market]:
    """Return the markets in which the shop sells, by code."""
    return Market.objects.using(DATABASE).filter(is_active=True).order_by("code")


def get_market(*, code: str) -> Place:
    """
    Return one market in which the shop sells.

    Raises:
        MarketNotFound: there is none of this code.
    """
    row = list_markets().filter(code=code).values("id", "code", "currency").first()
    if row is None:
        raise MarketNotFound("The shop sells in no such market.", market=code)
    return Place(**row)


def priced_in(products: QuerySet[Product], market: Place) -> QuerySet[Product]:
    """
    Return those that have a price in a market, with `market_price`: that of their cheapest active variant.

    Where the market has the shop's currency, all have one.
    """
    prices = MarketPrice.objects.filter(market=market.id, variant__product=OuterRef("pk"), variant__is_active=True)
    cheapest: Any = Subquery(prices.order_by("price").values("price")[:1])
    if market.falls_back:
        return products.annotate(market_price=_with_fallback(market))
    return products.annotate(market_price=cheapest).filter(market_price__isnull=False)


def _with_fallback(market: Place) -> Any:
    own = MarketPrice.objects.filter(market=market.id, variant=OuterRef("pk")).values("price")
    variants = ProductVariant.objects.filter(product=OuterRef("pk"), is_active=True)
    field: Any = DecimalField(max_digits=12, decimal_places=3)
    costs = variants.annotate(cost=Coalesce(Subquery(own), "price", output_field=field))
    return Coalesce(Subquery(costs.order_by("cost").values("cost")[:1]), "price", output_field=field)


def list_product_prices(*, market: Place, product_ids: Collection[UUID]) -> dict[UUID, Price]:
    """Return what the cheapest active variant of each product costs in a market; one without a price is left out."""
    rows = SQL.rows("list_product_prices", market=market.id, falls_back=market.falls_back, products=list(product_ids))
    return {row["product_id"]: Price(price=row["price"], compare_price=row["compare_price"]) for row in rows}


def list_variant_prices(*, market: Place, product_id: UUID) -> dict[UUID, Price]:
    """Return what the variants of a product cost in a market that have a price of its own there."""
    rows = MarketPrice.objects.using(DATABASE).filter(market=market.id, variant__product=product_id)
    prices = rows.values_list("variant_id", "price", "compare_price")
    return {variant: Price(price=price, compare_price=compare) for variant, price, compare in prices}


def list_market_prices(*, market: Place) -> QuerySet[MarketPrice, Any]:
    """Return every price of a market as dicts with the variant's `sku`, in no order."""
    prices = MarketPrice.objects.using(DATABASE).filter(market=market.id)
    return prices.values("variant_id", "variant__sku", "price", "compare_price", "updated_at")
