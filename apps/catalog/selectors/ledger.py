"""What is in stock, and the lines of its ledger."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import F

from apps.catalog.models import InventoryMovement, Product, ProductVariant
from apps.catalog.statements import DATABASE


@dataclass(frozen=True, slots=True, kw_only=True)
class StockCount:
    """The pieces of one variant: `sellable` can be bought, `held` are under way in orders; on hand is their sum."""

    variant_id: UUID
    sku: str
    sellable: int
    held: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StockMovement:
    """One line of the ledger; `quantity` in pieces, negative when they left."""

    variant_id: UUID
    sku: str
    kind: str
    quantity: int


def list_stock_counts(*, variant_ids: Iterable[UUID]) -> list[StockCount]:
    """Return what is there of each variant, by SKU; variants that do not exist are left out."""
    variants = ProductVariant.objects.using(DATABASE).filter(id__in=variant_ids).order_by("sku")
    rows = variants.values("sku", variant_id=F("id"), sellable=F("inventory_quantity"), held=F("reserved_quantity"))
    return [StockCount(**row) for row in rows]


def list_movements_of(*, reference_id: UUID) -> list[StockMovement]:
    """Return the movements that one order, or another document, caused, by SKU; empty when nothing moved."""
    movements = InventoryMovement.objects.using(DATABASE).filter(reference_id=reference_id)
    rows = movements.order_by("product_variant__sku", "created_at").values(
        "quantity", variant_id=F("product_variant_id"), sku=F("product_variant__sku"), kind=F("movement_type")
    )
    return [StockMovement(**row) for row in rows]


def count_products() -> int:
    """Return how many products the catalogue holds, for sale or not."""
    return Product.objects.using(DATABASE).count()
