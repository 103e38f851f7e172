"""Carts with their lines."""

from django.contrib import admin
from unfold.decorators import display

from apps.core.admin import ReadOnlyAdmin, ReadOnlyInline
from apps.orders.models import CartLineItem, ShoppingCart


class CartLineInline(ReadOnlyInline):
    model = CartLineItem
    fields = ["title", "variant_title", "sku", "quantity", "price", "total", "created_at"]
    ordering = ["created_at", "id"]


@admin.register(ShoppingCart)
class ShoppingCartAdmin(ReadOnlyAdmin):
    list_display = ["id", "user_id", "email", "amount", "created_at", "updated_at", "completed_at", "order_id"]
    list_filter = ["created_at", ("completed_at", admin.EmptyFieldListFilter)]
    search_fields = ["id__exact", "email__iexact", "user_id__exact"]
    search_help_text = "the whole id of a cart or a customer, or the whole e-mail address"
    ordering = ["-created_at", "-id"]
    inlines = [CartLineInline]
    # Not session_id: nobody needs the hash of a guest's secret.
    fields = [
        "user_id",
        "email",
        "subtotal_price",
        "total_price",
        "currency",
        "shipping_address",
        "billing_address",
        "recovered_at",
        "created_at",
        "updated_at",
        "expires_at",
        "completed_at",
        "order_id",
    ]
    readonly_fields = ["created_at", "updated_at"]

    @display(description="total", ordering="total_price")
    def amount(self, cart: ShoppingCart) -> str:
        return f"{cart.total_price} {cart.currency}"
