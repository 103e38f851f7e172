"""
Money: decimal amounts that name their currency, rounded half to even at the currency's minor unit, once, at the line.

A sum is the sum of its rounded lines, so nothing is left to round where lines are added up.
"""

import re
from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction
from math import floor

from .exceptions import DomainError

# Source: ISO 4217, list one, "MnrUnts", as published by SIX on 2024-06-25; every other currency has two digits.
WITHOUT_MINOR_UNIT = frozenset(
    "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split()  # noqa: SIM905 - reads as a table
)
THREE_DIGITS = frozenset(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"))
FOUR_DIGITS = frozenset(("CLF", "UYW"))
# Metals, accounting units and test codes: "N.A." in the list, so no price can be written in them.
NOT_FOR_PRICES = frozenset(
    "XAG XAU XBA XBB XBC XBD XDR XPD XPT XSU XTS XUA XXX".split()  # noqa: SIM905 - reads as a table
)

CURRENCY_CODE = re.compile(r"[A-Z]{3}")
# 28 digits, the default, round a large amount silently while it is divided or multiplied.
EXACT = Context(prec=60, rounding=ROUND_HALF_EVEN)


class UnknownCurrency(DomainError):
    """A currency is not the code of ISO 4217 that prices are written in, such as EUR."""

    code = "unknown_currency"
    status = 422


def minor_units(currency: str) -> int:
    """
    Return how many digits follow the point in a currency: 0 for JPY, 2 for USD, 3 for KWD.

    Raises:
        UnknownCurrency: the code is not three capital letters, or ISO 4217 gives it no minor unit (XAU, XXX).

    Source: ISO 4217, list one.
    """
    if not CURRENCY_CODE.fullmatch(currency) or currency in NOT_FOR_PRICES:
        raise UnknownCurrency(f"{currency!r} is not a currency that prices are written in; use a code such as EUR.")
    if currency in WITHOUT_MINOR_UNIT:
        return 0
    if currency in THREE_DIGITS:
        return 3
    return 4 if currency in FOUR_DIGITS else 2


def rounded(amount: Decimal, currency: str) -> Decimal:
    """Return the amount with exactly the currency's digits, half to even; raises UnknownCurrency."""
    return EXACT.quantize(amount, Decimal(1).scaleb(-minor_units(currency)))


def line_total(unit_price: Decimal, quantity: int, currency: str) -> Decimal:
    """Return the price of a line, rounded once: after the multiplication. Raises UnknownCurrency."""
    return rounded(EXACT.multiply(unit_price, quantity), currency)


def formatted(amount: Decimal, currency: str) -> str:
    """
    Return the amount as the API writes it: a plain decimal string with exactly the currency's digits, "1250.00".

    A string, because a JSON number is a binary fraction to most of its readers. Raises UnknownCurrency.
    """
    return f"{rounded(amount, currency):f}"


def in_words(amount: Decimal | None, currency: str | None) -> str:
    """Return the amount with its currency, for people: "1250.00 USD"; empty where there is none."""
    return f"{formatted(amount, currency)} {currency}" if amount is not None and currency else ""


def total(amounts: Iterable[Decimal], currency: str) -> Decimal:
    """Return the sum of amounts already rounded at their lines; zero with the currency's digits when there are none."""
    return sum(amounts, start=rounded(Decimal(0), currency))


def split(amount: Decimal, weights: Sequence[Decimal | int], currency: str) -> list[Decimal]:
    """
    Part an amount by weights so that the parts add up to it: by the largest remainder, the first of equal ones.

    Args:
        amount: zero or more, rounded already.
        weights: one a part, zero or more; where all are zero they count as equal. Nothing to part among is no part.

    Returns:
        One part a weight, in their order, each in whole minor units of the currency.

    Raises:
        UnknownCurrency: as minor_units.
    """
    digits = minor_units(currency)
    units, whole = int(amount.scaleb(digits)), sum(Fraction(weight) for weight in weights)
    shares = [units * (Fraction(weight) / whole if whole else Fraction(1, len(weights))) for weight in weights]
    parts = [floor(share) for share in shares]
    by_remainder = sorted(range(len(shares)), key=lambda i: (parts[i] - shares[i], i))
    for i in by_remainder[: units - sum(parts)] if parts else []:
        parts[i] += 1
    return [Decimal(part).scaleb(-digits) for part in parts]
