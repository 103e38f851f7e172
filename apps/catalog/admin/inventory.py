"""The ledger of stock, to be read."""

from django.contrib import admin
from unfold.decorators import display

from apps.catalog.models import InventoryMovement
from apps.core.readonly_admin import ReadOnlyAdmin

LABELS = {"initial": "info", "restock": "success", "return": "success", "sale": "info", "adjustment": "warning"}


@admin.register(InventoryMovement)
class InventoryMovementAdmin(ReadOnlyAdmin):
    list_display = ["created_at", "product_variant", "kind", "quantity", "reference_type", "reference_id", "notes"]
    list_filter = ["movement_type", "created_at"]
    list_select_related = ["product_variant"]
    search_fields = ["product_variant__sku__exact", "reference_id__exact"]
    search_help_text = "a whole SKU, or the whole id of an order"
    ordering = ["-created_at", "-id"]
    show_full_result_count = False

    @display(description="type", label=LABELS, ordering="movement_type")
    def kind(self, movement: InventoryMovement) -> str:
        return movement.movement_type
