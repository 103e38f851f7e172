"""Short ways for tests to ask for places, and to look at what stands there."""

from uuid import UUID

from apps.catalog import services
from apps.catalog.models import LocationMovement, ProductVariant, ReservationLocation, StockLevel, StockLocation
from apps.core.ids import new_id

from .factories import VariantFactory


def place(code: str, priority: int = 0) -> StockLocation:
    services.add_location(code=code, name=code.title(), priority=priority)
    return StockLocation.objects.using("catalog").get(code=code)


def two_places() -> tuple[StockLocation, StockLocation]:
    """Lisbon, from which orders take first, and Porto."""
    return place("lisbon", 1), place("porto", 2)


def located(lisbon: int, porto: int, **fields: object) -> ProductVariant:
    """A variant with so many pieces at two places that exist."""
    variant = VariantFactory(inventory_quantity=lisbon + porto, **fields)
    services.locate_stock()
    if porto:
        carry(variant, porto)
    return variant


def carry(variant: ProductVariant, quantity: int, source: str = "lisbon", destination: str = "porto"):
    items = [services.StockItem(sku=variant.sku, quantity=quantity)]
    (moved,) = services.transfer_stock(items=items, source=source, destination=destination, transfer_id=new_id())
    return moved


def levels_of(variant: ProductVariant) -> dict[str, tuple[int, int]]:
    """What can be sold and what is held, by place."""
    found = StockLevel.objects.using("catalog").filter(variant=variant)
    return {code: (free, held) for code, free, held in found.values_list("location__code", "available", "reserved")}


def held_at(order_id: UUID) -> dict[str, int]:
    found = ReservationLocation.objects.using("catalog").filter(order_id=order_id)
    return dict(found.values_list("location__code", "quantity"))


def moved_at(variant: ProductVariant) -> list[tuple[str, str, int]]:
    """The ledger of places of a variant after it got them, in no order."""
    found = LocationMovement.objects.using("catalog").filter(variant=variant).exclude(movement_type="located")
    return sorted(found.values_list("location__code", "movement_type", "quantity"))
