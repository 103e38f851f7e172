"""Prices of markets."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from apps.catalog.caching import MARKETS, forget
from apps.catalog.models import ProductVariant
from apps.catalog.selectors import Place
from apps.catalog.statements import DATABASE, SQL
from apps.core.exceptions import InvalidInput
from apps.core.money import rounded

from .announcements import announce_products


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMarketPrice:
    """What a variant, given by its SKU, costs in a market from now on, in its currency; no price takes it away."""

    sku: str
    price: Decimal | None
    compare_price: Decimal | None = None


def set_market_prices(*, market: Place, prices: Sequence[NewMarketPrice]) -> int:
    """
    Give variants prices in a market, all of them or none; idempotent. A handful of statements for any number.

    The products that changed are announced; their pages and the lists of every market are stale after the commit.

    Returns:
        How many products changed.

    Raises:
        InvalidInput: a SKU is unknown or stands there twice, or a price has digits that the currency has not; each
            is named as `prices.0.sku`. Nothing is changed.
    """
    with transaction.atomic(using=DATABASE):
        rows = ProductVariant.objects.using(DATABASE).filter(sku__in=[price.sku for price in prices])
        variants = dict(rows.order_by("id").select_for_update(no_key=True).values_list("sku", "id"))
        if errors := _errors(prices, variants, market):
            raise InvalidInput("Some prices are wrong; `errors` names each of them.", errors=errors)
        given = [price for price in prices if price.price is not None]
        changed = SQL.column(
            "set_market_prices",
            market=market.id,
            variants=[variants[price.sku] for price in given],
            prices=[price.price for price in given],
            compare_prices=[price.compare_price for price in given],
        )
        gone = [variants[price.sku] for price in prices if price.price is None]
        changed += SQL.column("remove_market_prices", market=market.id, variants=gone)
        products = set(changed)
        if products:
            announce_products(product_ids=products)
    return len(products)


def announce_markets() -> None:
    """Make every kept page with the prices of a market stale after the commit; call it after every write to one."""
    forget([MARKETS])


def _errors(prices: Sequence[NewMarketPrice], variants: dict[str, UUID], market: Place) -> dict[str, list[str]]:
    errors: dict[str, list[str]] = {}
    seen: set[str] = set()
    for number, price in enumerate(prices):
        if price.sku not in variants:
            errors[f"prices.{number}.sku"] = ["No variant has this SKU."]
        elif price.sku in seen:
            errors[f"prices.{number}.sku"] = ["This SKU stands here twice."]
        seen.add(price.sku)
        for name, amount in (("price", price.price), ("compare_price", price.compare_price)):
            if amount is not None and amount != rounded(amount, market.currency):
                errors[f"prices.{number}.{name}"] = [f"{market.currency} has not so many digits."]
    return errors
