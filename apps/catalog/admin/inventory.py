"""The ledger of stock, to be read."""

from django.contrib import admin

from apps.catalog.models import InventoryMovement
from apps.core.admin import ReadOnlyAdmin, labelled, named

LABELS = {"initial": "info", "restock": "success", "return": "success", "sale": "info", "adjustment": "warning"}


@admin.register(InventoryMovement)
class InventoryMovementAdmin(ReadOnlyAdmin):
    list_display = [
        "product_variant",
        "kind",
        "quantity",
        "reason",
        "reference_type",
        "reference",
        "notes",
        "created_at",
    ]
    list_filter = ["movement_type", "reason", "created_at"]
    list_select_related = ["product_variant"]
    search_fields = ["product_variant__sku__exact", "reference_id__exact"]
    search_help_text = "a whole SKU, or the whole id of an order"
    ordering = ["-created_at", "-id"]
    fields = [
        "product_variant",
        ("kind", "quantity"),
        ("reference_type", "reference"),
        ("reason", "notes"),
        ("moved_by", "created_at"),
    ]
    kind = labelled("movement_type", LABELS, description="type")
    reference = named("reference_id", "order")
    moved_by = named("created_by", "user")
