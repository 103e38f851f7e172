"""What an order costs beyond its lines. The one place that knows the rules of shipping and tax."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.conf import settings

from apps.core.exceptions import InvalidInput
from apps.core.money import rounded, total


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderPrice:
    """The parts of an order's total, each rounded to the minor unit of `currency` (ISO 4217)."""

    currency: str
    shipping_method: str | None
    subtotal_price: Decimal
    shipping_price: Decimal
    total_tax: Decimal
    total_discounts: Decimal

    @property
    def total_price(self) -> Decimal:
        return self.subtotal_price + self.total_tax + self.shipping_price - self.total_discounts


def price_order(
    *, line_totals: Iterable[Decimal], currency: str, requires_shipping: bool, shipping_method: str | None
) -> OrderPrice:
    """
    Return what an order costs: a flat price a shipping method, no tax, no discounts.

    Args:
        line_totals: rounded already, in `currency`.
        requires_shipping: whether any line does; without one shipping is free and has no method.
        shipping_method: a name of settings.SHIPPING_PRICES, or None for its first.

    Raises:
        InvalidInput: there is no such shipping method.
    """
    method = known_method(shipping_method) if requires_shipping else None
    zero = rounded(Decimal(0), currency)
    return OrderPrice(
        currency=currency,
        shipping_method=method,
        subtotal_price=total(line_totals, currency),
        shipping_price=rounded(settings.SHIPPING_PRICES[method], currency) if method else zero,
        total_tax=zero,
        total_discounts=zero,
    )


def known_method(name: str | None) -> str:
    methods: list[str] = list(settings.SHIPPING_PRICES)
    if name is None:
        return methods[0]
    if name not in methods:
        wrong = f"There is no such shipping method; choose one of: {', '.join(methods)}."
        raise InvalidInput("Some fields are wrong.", errors={"shipping_method": [wrong]})
    return name
