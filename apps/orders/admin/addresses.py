"""Addresses as on a letter."""

from typing import Any

from django.contrib.admin import display
from django.utils.html import format_html_join

from apps.core.admin import Column

# An order keeps its addresses as JSON, in the parts that accounts gave.
LINES = (
    ("name",),
    ("company",),
    ("line1",),
    ("line2",),
    ("district",),
    ("postal_code", "city", "region"),
    ("country",),
    ("phone",),
)


def lines_of(address: dict[str, Any]) -> list[str]:
    """Return the lines of an address; parts that it lacks leave no gap."""
    lines = [" ".join(str(address[part]) for part in parts if address.get(part)) for parts in LINES]
    return [line for line in lines if line]


def addressed(field: str) -> Column:
    """Return a column that shows an address, a line a part."""

    @display(description=field.replace("_", " "))
    def shown(admin: Any, row: Any) -> Any:
        address = getattr(row, field)
        return address and format_html_join("", "<div>{}</div>", [(line,) for line in lines_of(address)])

    return shown
