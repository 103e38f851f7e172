"""Where stock stands."""

from collections.abc import Collection
from typing import Any

from django.db.models import F, QuerySet

from apps.catalog.models import LocationMovement, StockLevel, StockLocation
from apps.catalog.statements import DATABASE


def list_locations() -> QuerySet[StockLocation, Any]:
    """Return the places of the shop, closed ones too, in the order in which orders take from them, as rows."""
    return StockLocation.objects.using(DATABASE).order_by("priority", "id").values()


def list_levels_at(*, code: str, skus: Collection[str] = ()) -> QuerySet[StockLevel, Any]:
    """Return what stands at one place of each variant, in no order, as rows; `skus` alone, where given."""
    levels = StockLevel.objects.using(DATABASE).filter(location__code=code)
    chosen = levels.filter(variant__sku__in=skus) if skus else levels
    return chosen.values(
        "variant_id", "available", "reserved", sku=F("variant__sku"), on_hand=F("available") + F("reserved")
    )


def list_movements_at(*, code: str, sku: str = "") -> QuerySet[LocationMovement, Any]:
    """Return what came to one place and left it, in no order, as rows; of one SKU alone, where given."""
    movements = LocationMovement.objects.using(DATABASE).filter(location__code=code)
    chosen = movements.filter(variant__sku=sku) if sku else movements
    return chosen.values(
        "id", "movement_type", "quantity", "reference_id", "created_by", "created_at", sku=F("variant__sku")
    )
