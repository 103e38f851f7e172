"""Shopify's product CSV, in any layout: its rows are as the rules read them."""

from collections.abc import Sequence

from apps.catalog.importing.layout import read_layout
from apps.catalog.importing.rows import Row
from apps.catalog.importing.terms import Terms

from .forms import Settled


class ShopifyForm:
    """A file of Shopify, or an export of ours."""

    pads_short_rows = False

    def __init__(self, header: Sequence[str], terms: Terms) -> None:
        self.layout = read_layout(header)

    def settle(self, rows: Sequence[Row]) -> Settled:
        """Return the rows as they are."""
        return rows, []
