"""Carts with their lines."""

from django.contrib import admin

from apps.core.admin import ReadOnlyAdmin, ReadOnlyInline, money, named
from apps.orders.models import CartLineItem, ShoppingCart

from .addresses import addressed


class CartLineInline(ReadOnlyInline):
    model = CartLineItem
    fields = ["title", "variant_title", "sku", "quantity", "price_now", "total_now", "created_at"]
    ordering = ["created_at", "id"]
    verbose_name_plural = "lines"
    price_now = money("price")
    total_now = money("total")


@admin.register(ShoppingCart)
class ShoppingCartAdmin(ReadOnlyAdmin):
    list_display = ["email", "amount", "order", "created_at", "updated_at", "completed_at"]
    list_filter = ["created_at", ("completed_at", admin.EmptyFieldListFilter)]
    search_fields = ["id__exact", "email__iexact", "user_id__exact"]
    search_help_text = "the whole id of a cart or a customer, or the whole e-mail address"
    ordering = ["-created_at", "-id"]
    inlines = [CartLineInline]
    # Not session_id: nobody needs the hash of a guest's secret.
    fields = [
        ("email", "customer"),
        ("subtotal", "amount"),
        "order",
        ("shipping", "billing"),
        "id",
        ("created_at", "updated_at"),
        ("completed_at", "expires_at"),
        "recovered_at",
    ]
    amount = money("total_price", description="total")
    subtotal = money("subtotal_price", description="subtotal")
    order = named("order_id")
    customer = named("user_id", description="customer")
    shipping = addressed("shipping_address")
    billing = addressed("billing_address")
