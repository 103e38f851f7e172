"""Short ways for tests to ask for stock and to look at it."""

from uuid import UUID

from apps.catalog.contracts import StockLine
from apps.catalog.models import InventoryMovement, InventoryReservation, OutboxEvent, Product, ProductVariant
from apps.catalog.services import Demand
from apps.core.ids import new_id


def demand(*lines: tuple[ProductVariant, int], order_id: UUID | None = None) -> Demand:
    """A demand of one order for these variants and quantities."""
    return Demand(
        order_id=order_id or new_id(),
        lines=tuple(StockLine(variant_id=variant.id, quantity=quantity) for variant, quantity in lines),
    )


def stock_of(variant: ProductVariant) -> tuple[int, int]:
    """What can be sold, and what is held."""
    found = ProductVariant.objects.using("catalog").filter(id=variant.id)
    return found.values_list("inventory_quantity", "reserved_quantity").get()


def holds_of(order_id: UUID) -> list[tuple[UUID, int, str]]:
    found = InventoryReservation.objects.using("catalog").filter(order_id=order_id).order_by("variant_id")
    return list(found.values_list("variant_id", "quantity", "state"))


def ledger_of(variant: ProductVariant) -> list[tuple[str, int]]:
    """The variant's movements after its first stock, in no order."""
    found = InventoryMovement.objects.using("catalog").filter(product_variant=variant).exclude(movement_type="initial")
    return sorted(found.values_list("movement_type", "quantity"))


def product_of(variant: ProductVariant) -> Product:
    return Product.objects.using("catalog").get(id=variant.product_id)


def told() -> list[tuple[str, dict[str, object]]]:
    """The events in the outbox, oldest first."""
    return list(OutboxEvent.objects.using("catalog").order_by("id").values_list("type", "payload"))


def change(variant: ProductVariant, **fields: object) -> None:
    """Update a variant behind the services' back."""
    ProductVariant.objects.using("catalog").filter(id=variant.id).update(**fields)
