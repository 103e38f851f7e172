"""What is in stock, and the lines of its ledger."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Case, F, QuerySet, Value, When

from apps.catalog.models import InventoryMovement, Product, ProductVariant
from apps.catalog.statements import DATABASE
from apps.core.exceptions import NotFound

from .selling import LOW


class SkuNotFound(NotFound):
    """No variant has this SKU."""

    code = "sku_not_found"


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


def list_levels(*, skus: Collection[str] = (), only_low: bool = False) -> QuerySet[ProductVariant, Any]:
    """
    Return what is in stock of each variant, for sale or not, in no order, as rows.

    Args:
        skus: these alone; empty for all.
        only_low: only active variants of which no more can be sold than their product's `low_stock_threshold`.
    """
    variants = ProductVariant.objects.using(DATABASE)
    chosen = variants.filter(sku__in=skus) if skus else variants.all()
    if only_low:
        chosen = chosen.filter(LOW, is_active=True)
    return chosen.values(
        "sku",
        "product_id",
        "title",
        "inventory_quantity",
        "reserved_quantity",
        "allow_backorder",
        "is_active",
        variant_id=F("id"),
        product_name=F("product__name"),
        on_hand=F("inventory_quantity") + F("reserved_quantity"),
        low_stock_threshold=F("product__low_stock_threshold"),
        track_inventory=F("product__track_inventory"),
        is_low=Case(When(LOW, then=Value(True)), default=Value(False)),
    )


def list_ledger(*, sku: str) -> QuerySet[InventoryMovement, Any]:
    """
    Return the movements of one variant, in no order, as rows.

    Raises:
        SkuNotFound: no variant has this SKU.
    """
    variant = ProductVariant.objects.using(DATABASE).filter(sku=sku).values_list("id", flat=True).first()
    if variant is None:
        raise SkuNotFound(f"No variant has the SKU {sku}.")
    return InventoryMovement.objects.using(DATABASE).filter(product_variant=variant).values()


def count_products() -> int:
    """Return how many products the catalogue holds, for sale or not."""
    return Product.objects.using(DATABASE).count()
