"""Columns that say more than their value: a state in its colour, an amount with its currency."""

from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.contrib.admin import display
from django.template.loader import render_to_string

from apps.core.money import in_words

Column = Callable[[Any, Any], Any]
"""What a page of the back office calls, as a method, with a row."""


def titled(field: str, title: str) -> Column:
    """Return the column of a field under another title, where its name spells no words: SKU."""

    @display(description=title, ordering=field, empty_value="-")
    def shown(admin: Any, row: Any) -> Any:
        return getattr(row, field)

    return shown


def labelled(field: str, colours: Mapping[str, str], *, description: str = "") -> Column:
    """Return a column that shows a state as a label; `colours` says success, info, warning or danger of each."""

    @display(description=description or spoken(field), ordering=field)
    def shown(admin: Any, row: Any) -> Any:
        state = getattr(row, field)
        return state and render_to_string(
            "unfold/helpers/label.html", {"text": spoken(state), "type": colours.get(state)}
        )

    return shown


def money(field: str, *, currency: str = "currency", description: str = "") -> Column:
    """Return a column that shows an amount with its currency: that of the row's field, or else the shop's."""

    @display(description=description or spoken(field), ordering=field)
    def shown(admin: Any, row: Any) -> Any:
        return in_words(getattr(row, field), getattr(row, currency, settings.SHOP_CURRENCY))

    return shown


def spoken(name: str) -> str:
    return name.replace("_", " ")
