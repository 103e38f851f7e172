"""Variants: their stock, who holds it, and what moved it."""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.db.models import Q, QuerySet
from django.forms import Form, ModelForm
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from unfold.decorators import action, display

from apps.catalog import selectors, services
from apps.catalog.contracts import StockLine
from apps.catalog.models import ProductVariant
from apps.core.admin import OfficeAdmin, money, names_of, titled
from apps.core.exceptions import DomainError

from .acting import Acting
from .forms import AdjustForm, RestockForm, VariantForm

SHOWN = 50


class StockFilter(admin.SimpleListFilter):
    """What runs out, by the threshold of its product."""

    title = "stock"
    parameter_name = "stock"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("low", "low"), ("out", "none left"), ("owed", "owed to buyers")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        chosen = {"low": selectors.LOW, "out": Q(inventory_quantity__lte=0), "owed": Q(inventory_quantity__lt=0)}
        return queryset.filter(chosen.get(self.value() or "", Q()))


@admin.register(ProductVariant)
class ProductVariantAdmin(Acting, OfficeAdmin):
    form = VariantForm
    list_display = [
        "sku_now",
        "product",
        "title",
        "price_now",
        "inventory_quantity",
        "reserved_quantity",
        "allow_backorder",
        "is_active",
    ]
    list_filter = [StockFilter, "is_active", "allow_backorder"]
    list_select_related = ["product"]
    search_fields = ["sku", "barcode", "product__name"]
    search_help_text = "an SKU, a barcode or a product"
    ordering = ["sku"]
    actions_detail = ["restock", "adjust"]
    readonly_fields = ["product", "inventory_quantity", "reserved_quantity", "holds", "movements"]
    fieldsets = [
        (None, {"fields": ["product", "title", ("sku", "barcode"), "price", "is_active"]}),
        (
            "Stock",
            {"fields": [("inventory_quantity", "reserved_quantity"), "allow_backorder", "holds", "movements"]},
        ),
        ("Prices", {"classes": ["tab"], "fields": ["compare_price", "cost_price", "taxable"]}),
        ("Options", {"classes": ["tab"], "fields": [("option1", "option2", "option3"), "position", "image_url"]}),
        ("Shipping", {"classes": ["tab"], "fields": ["requires_shipping", "weight", "weight_unit", "metadata"]}),
    ]
    sku_now = titled("sku", "SKU")
    price_now = money("price")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Variants are added on the page of their product."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: ProductVariant | None = None) -> bool:
        """They go with their product, or from its page, which keeps the last one."""
        page = request.resolver_match.url_name if request.resolver_match else None
        return bool(page and page.startswith("catalog_product_") and super().has_delete_permission(request, obj))

    def save_model(self, request: HttpRequest, obj: ProductVariant, form: ModelForm, change: bool) -> None:
        services.lock_product(product_id=obj.product_id)
        super().save_model(request, obj, form, change)
        services.settle_product(product_id=obj.product_id)

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        variant = super().get_object(request, object_id, from_field)
        if variant is not None:
            variant.order_numbers = partial(names_of, request, "order")
        return variant

    @display(description="held by orders")
    def holds(self, variant: Any) -> SafeString:
        held = list(variant.reservations.using("catalog").filter(state="held").order_by("-created_at")[:SHOWN])
        numbers = variant.order_numbers({hold.order_id for hold in held})
        rows = [(numbers.get(hold.order_id, hold.order_id), hold) for hold in held]
        return render_to_string("admin/catalog/holds.html", {"holds": rows})

    @display(description="last movements")
    def movements(self, variant: Any) -> SafeString:
        moved = list(variant.movements.using("catalog").order_by("-created_at", "-id")[:SHOWN])
        numbers = variant.order_numbers({movement.reference_id for movement in moved} - {None})
        rows = [(numbers.get(movement.reference_id, movement.reference_id), movement) for movement in moved]
        return render_to_string("admin/catalog/movements.html", {"movements": rows})

    @action(
        description="Restock",
        permissions=["inventory.restock"],
        url_path="restock",
        dialog={
            "title": "Restock",
            "description": "Take delivered pieces into stock.",
            "form_class": RestockForm,
            "form_submit_text": "Take in",
        },
    )
    def restock(self, request: HttpRequest, form: Form, object_id: str) -> HttpResponse:
        line = StockLine(variant_id=UUID(object_id), quantity=form.cleaned_data["quantity"])
        return self.moved(request, object_id, lambda: services.restock(receipts=[line], because=because(request, form)))

    @action(
        description="Adjust",
        permissions=["inventory.adjust"],
        url_path="adjust",
        dialog={
            "title": "Adjust",
            "description": "Correct the stock by what was found or is missing. What orders hold stays theirs.",
            "form_class": AdjustForm,
            "form_submit_text": "Correct",
        },
    )
    def adjust(self, request: HttpRequest, form: Form, object_id: str) -> HttpResponse:
        change = services.StockChange(variant_id=UUID(object_id), quantity=form.cleaned_data["quantity"])
        return self.moved(
            request, object_id, lambda: services.adjust_inventory(changes=[change], because=because(request, form))
        )

    def moved(self, request: HttpRequest, object_id: str, move: Callable[[], None]) -> HttpResponse:
        """Move the stock, say what became of it, and lead back to the variant."""
        try:
            move()
        except DomainError as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(request, "The stock is moved, and the ledger says so.")
        return HttpResponse(headers={"HX-Redirect": reverse("admin:catalog_productvariant_change", args=[object_id])})


def because(request: HttpRequest, form: Form) -> services.Because:
    user: Any = request.user
    return services.Because(
        reference_type="back office",
        user_id=user.pk,
        reason=form.cleaned_data.get("reason"),
        notes=form.cleaned_data["notes"] or None,
    )
