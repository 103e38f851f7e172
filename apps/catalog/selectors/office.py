"""What the shop's own people want to know of the catalogue."""

from django.db.models import F

from apps.catalog.models import Product


def list_low_stock(*, limit: int) -> list[Product]:
    """
    Return active products whose pieces for sale are at most their `low_stock_threshold`, the scarcest first.

    With id, name, sku, inventory_quantity and low_stock_threshold alone; products that nobody counts are left out.
    """
    low = Product.objects.using("catalog").filter(
        is_active=True, track_inventory=True, inventory_quantity__lte=F("low_stock_threshold")
    )
    fields = ("id", "name", "sku", "inventory_quantity", "low_stock_threshold")
    return list(low.only(*fields).order_by("inventory_quantity", "name")[:limit])
