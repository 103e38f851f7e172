"""Amounts in mails, as a language spells them."""

from decimal import Decimal
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.numbers import format_currency

from .rendering import TemplateBroken


def _locale_of(language: str) -> Locale:
    """Return how a language spells money; raises TemplateBroken where nobody speaks it."""
    try:
        return Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        raise TemplateBroken(f"{language!r} is no language; use a code such as en or pt-br.", part="language") from None


@lru_cache(maxsize=4096)
def spelled(amount: Decimal, currency: str, language: str) -> str:
    """Return an amount as a language spells it; a shop's prices come again and again."""
    return str(format_currency(amount, currency, locale=_locale_of(language)))
