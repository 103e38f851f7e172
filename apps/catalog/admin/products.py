"""Products with their variants."""

from functools import partial
from typing import Any

from django.contrib import admin
from django.db import transaction
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.safestring import SafeString
from unfold.admin import TabularInline
from unfold.decorators import display

from apps.catalog import services
from apps.catalog.models import Product, ProductVariant
from apps.catalog.statements import DATABASE
from apps.core.admin import OfficeAdmin, money, names_of, titled

from .acting import Acting
from .forms import ProductForm, VariantForm, VariantFormSet
from .history import changes_of
from .pictures import pictured, thumbnails


class VariantInline(TabularInline):
    """A new product's variants get their first stock here; later it changes on the variant's own page."""

    model = ProductVariant
    form = VariantForm
    formset = VariantFormSet
    extra = 0
    tab = True
    show_change_link = True
    hide_title = True
    verbose_name_plural = "variants"
    fields = [
        *("title", "sku", "price", "option1", "option2", "option3"),
        *("inventory_quantity", "reserved_quantity", "allow_backorder", "is_active"),
    ]

    def get_readonly_fields(self, request: HttpRequest, obj: Product | None = None) -> list[str]:
        return ["inventory_quantity", "reserved_quantity"] if obj else ["reserved_quantity"]


@admin.register(Product)
class ProductAdmin(Acting, OfficeAdmin):
    form = ProductForm
    inlines = [VariantInline]
    list_display = [
        "pictured_name",
        "sku_now",
        "price_now",
        "inventory_quantity",
        "variants_count",
        "in_stock",
        "is_active",
    ]
    list_filter = ["is_active", "in_stock", "is_featured", "published_at"]
    search_fields = ["name", "sku", "barcode"]
    search_help_text = "a name, an SKU or a barcode"
    ordering = ["-created_at", "-id"]
    prepopulated_fields = {"slug": ["name"]}
    readonly_fields = [
        *("inventory_quantity", "variants_count", "in_stock", "rating_average", "rating_count", "pictures"),
        "recorded",
        *("created_at", "updated_at"),
    ]
    fieldsets = [
        (None, {"fields": ["name", "slug", ("sku", "barcode"), "short_description", "description", "shelves", "tags"]}),
        ("Price", {"classes": ["tab"], "fields": ["price", "compare_price", "cost_price", "taxable"]}),
        (
            "On show",
            {
                "classes": ["tab"],
                "fields": [
                    *("is_active", ("published_at", "unpublished_at"), "is_featured", ("vendor", "product_type")),
                    *("pictures", "images"),
                    "options",
                ],
            },
        ),
        (
            "Stock",
            {
                "classes": ["tab"],
                "fields": [
                    *("track_inventory", "low_stock_threshold"),
                    ("inventory_quantity", "variants_count", "in_stock"),
                ],
            },
        ),
        (
            "Shipping",
            {
                "classes": ["tab"],
                "fields": ["requires_shipping", "is_digital", "is_gift_card", "weight", "dimensions"],
            },
        ),
        ("Search", {"classes": ["tab"], "fields": ["search_language", "seo_title", "seo_description"]}),
        (
            "History",
            {
                "classes": ["tab"],
                "fields": ["recorded", ("created_at", "updated_at"), ("rating_average", "rating_count"), "metadata"],
            },
        ),
    ]
    sku_now = titled("sku", "SKU")
    price_now = money("price")

    @display(description="name", ordering="name")
    def pictured_name(self, product: Product) -> SafeString:
        return pictured(product.name, product.images)

    @display(description="pictures")
    def pictures(self, product: Product) -> SafeString:
        return thumbnails(product.images)

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        product = super().get_object(request, object_id, from_field)
        if product is not None:
            product.user_names = partial(names_of, request, "user")
        return product

    @display(description="changes")
    def recorded(self, product: Any) -> SafeString:
        return changes_of(product)

    def save_model(self, request: HttpRequest, obj: Product, form: ModelForm, change: bool) -> None:
        if change:
            services.lock_product(product_id=obj.pk)
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: ModelForm, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        product_id = form.instance.pk
        services.set_categories(
            product_id=product_id, category_ids=[category.pk for category in form.cleaned_data["shelves"]]
        )
        if {"price", "compare_price"}.intersection(form.changed_data):
            services.price_only_variant(product_id=product_id)
        services.settle_product(product_id=product_id)

    def delete_model(self, request: HttpRequest, obj: Product) -> None:
        with transaction.atomic(using=DATABASE):
            services.announce_products(product_ids=[], former_slugs=[obj.slug])
            super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Product]) -> None:
        # Without a transaction the pages would be stale before the products are gone, and rendered anew with them.
        with transaction.atomic(using=DATABASE):
            services.announce_products(product_ids=[], former_slugs=list(queryset.values_list("slug", flat=True)))
            super().delete_queryset(request, queryset)
