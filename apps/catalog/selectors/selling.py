"""
What customers may see and buy: said once for the database, once for Python.

The triggers of a product's totals and the audit say it in SQL, each for itself: an audit that asked this would agree
with its mistakes.
"""

from django.db.models import F, Q
from django.db.models.functions import Now


def _visible(product: str = "") -> Q:
    """Say it of rows from which `product` leads to a product."""
    # Without the second condition it would be unknown, not false, of what has no date.
    begun = Q((f"{product}published_at__isnull", False), (f"{product}published_at__lte", Now()))
    not_ended = Q((f"{product}unpublished_at__isnull", True)) | Q((f"{product}unpublished_at__gt", Now()))
    return Q((f"{product}is_active", True)) & begun & not_ended


VISIBLE = _visible()
"""Of products: active, published by now, and not ended."""
FOR_SALE = _visible("product__") & Q(is_active=True)
"""Of variants: active, and their product is visible. Stock is another matter."""
UNLIMITED = Q(allow_backorder=True) | Q(product__track_inventory=False)
"""Of variants: more can be bought than are there."""
IN_STOCK = Q(inventory_quantity__gt=0) | UNLIMITED
"""Of variants: at least one piece can be bought, if it is for sale."""

BACKORDER = Q(allow_backorder=True, product__track_inventory=True, inventory_quantity__lte=0)
"""Of variants: nothing is left, and what is bought now is sent when more has come."""
LOW = Q(product__track_inventory=True, inventory_quantity__lte=F("product__low_stock_threshold"))
"""Of variants: no more can be sold than their product's `low_stock_threshold`."""


def is_unlimited(*, allow_backorder: bool, track_inventory: bool) -> bool:
    """Tell of a variant that is read already what UNLIMITED tells; `track_inventory` is its product's."""
    return allow_backorder or not track_inventory
