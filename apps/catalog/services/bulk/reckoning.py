"""What the new price of a variant is, by what was asked and what it costs now."""

from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from apps.core.money import EXACT, minor_units, rounded

from .items import Target

# What numeric(10, 2) holds.
HIGHEST = Decimal("99999999.99")
STORED_DIGITS = 2
HUNDRED = Decimal(100)

Prices = tuple[Decimal, Decimal | None]
"""A price and its compare price."""


class Keep(Enum):
    """Nothing was said of the compare price; None takes it away."""

    COMPARE_PRICE = "compare_price"


@dataclass(frozen=True, slots=True, kw_only=True)
class Repricing:
    """
    New prices of one variant, or of every variant of a product, in the shop's currency.

    At most one of: `price`, what it costs from now on; `percent`, by how much it rises (-20 for a fifth off); `amount`,
    what is added (or with a minus taken off). `compare_price` is the former, higher price that is shown beside it.
    """

    target: Target
    price: Decimal | None = None
    percent: Decimal | None = None
    amount: Decimal | None = None
    compare_price: Decimal | Keep | None = Keep.COMPARE_PRICE

    @property
    def steps(self) -> int:
        return sum(step is not None for step in (self.price, self.percent, self.amount))


class Unreckonable(ValueError):
    """No price comes of what was asked; the message says why."""


def flaw_of(asked: Repricing, currency: str) -> str | None:
    """Say what is wrong with what was asked, whatever the variant costs now."""
    if not asked.target.is_clear:
        return "Name one thing: a variant by its id or SKU, or a product by its id or slug."
    if asked.steps > 1:
        return "Give one of price, percent and amount."
    if not asked.steps and asked.compare_price is Keep.COMPARE_PRICE:
        return "Give a price, a percent, an amount or a compare price."
    try:
        for said in (asked.price, asked.compare_price):
            if isinstance(said, Decimal):
                as_price(said, currency)
        for step in (asked.percent, asked.amount):
            if step is not None and not step.is_finite():
                return "That is not a number."
    except Unreckonable as unreckonable:
        return str(unreckonable)
    return None


def reckon(asked: Repricing, now: Prices, currency: str) -> Prices:
    """
    Return the prices that a variant gets, exact to the currency's minor unit, halves to even.

    Raises:
        Unreckonable: the price would be below zero, or higher than one can be.
    """
    price, compare_price = now
    if asked.price is not None:
        price = as_price(asked.price, currency)
    elif asked.percent is not None:
        price = nearest_price(EXACT.divide(EXACT.multiply(price, HUNDRED + asked.percent), HUNDRED), currency)
    elif asked.amount is not None:
        price = nearest_price(EXACT.add(price, asked.amount), currency)
    if not isinstance(asked.compare_price, Keep):
        compare_price = None if asked.compare_price is None else as_price(asked.compare_price, currency)
    return price, compare_price


def as_price(amount: Decimal, currency: str) -> Decimal:
    """Return an amount that is a price as it stands; nothing is rounded that somebody wrote."""
    if not amount.is_finite():
        raise Unreckonable("That is not a number.")
    digits = min(minor_units(currency), STORED_DIGITS)
    price = in_range(amount)
    if EXACT.quantize(price, Decimal(1).scaleb(-digits)) != price:
        raise Unreckonable(f"A price in {currency} has at most {digits} digits after the point.")
    return price.quantize(Decimal(1).scaleb(-STORED_DIGITS))


def nearest_price(amount: Decimal, currency: str) -> Decimal:
    """Return what was reckoned as a price, rounded to the currency's minor unit."""
    return in_range(rounded(amount, currency).quantize(Decimal(1).scaleb(-STORED_DIGITS)))


def in_range(price: Decimal) -> Decimal:
    if price < 0:
        raise Unreckonable("A price cannot be below zero.")
    if price > HIGHEST:
        raise Unreckonable(f"A price is at most {HIGHEST}.")
    return price
