"""Orders with their lines, their history, and the saga that moves them."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.decorators import display

from apps.core.admin import OfficeChangeList, ReadOnlyAdmin, ReadOnlyInline, calls, labelled, money, named
from apps.core.money import in_words
from apps.orders.models import Order, OrderDiscount, OrderEvent, OrderLineItem, OrderReturn
from apps.orders.sagas.order_processing import ORDER_PROCESSING
from apps.orders.selectors import list_order_numbers
from apps.payments.selectors import list_payments
from apps.sagas.pages import steps_and_history
from apps.sagas.selectors import list_sagas, list_statuses

from .addresses import addressed
from .returns import LABELS as RETURN_LABELS

calls("order", Order, lambda ids: list_order_numbers(order_ids=ids))

LABELS = {
    "processing": "info",
    "confirmed": "success",
    "failed": "danger",
    "cancelled": "warning",
    "active": "info",
    "completed": "success",
    "compensating": "warning",
    "paid": "success",
    "succeeded": "success",
    "voided": "danger",
    "declined": "danger",
    "refunded": "info",
    "partially_refunded": "info",
}


class LineInline(ReadOnlyInline):
    model = OrderLineItem
    verbose_name_plural = "lines"
    fields = ["title", "variant_title", "sku", "quantity", "price_now", "discount", "total_now", "fulfillment_status"]
    ordering = ["created_at", "id"]
    price_now = money("price")
    discount = money("total_discount", description="discount")
    total_now = money("total")


class ReturnInline(ReadOnlyInline):
    model = OrderReturn
    verbose_name_plural = "returns"
    fields = ["number", "status_now", "reason", "refund", "created_at"]
    ordering = ["created_at", "id"]
    status_now = labelled("status", RETURN_LABELS, description="status")
    refund = money("refund_amount", description="refund")

    @display(description="return")
    def number(self, asked: OrderReturn) -> SafeString:
        page = reverse("admin:orders_orderreturn_change", args=[asked.id])
        return format_html('<a href="{}" class="text-link">{}</a>', page, asked.return_number)


class EventInline(ReadOnlyInline):
    model = OrderEvent
    verbose_name_plural = "events"
    fields = ["created_at", "event_type", "description", "details"]
    ordering = ["created_at", "id"]

    @display(description="details")
    def details(self, event: OrderEvent) -> str:
        return ", ".join(f"{name}: {value}" for name, value in (event.data or {}).items())


class DiscountInline(ReadOnlyInline):
    model = OrderDiscount
    verbose_name_plural = "discounts"
    fields = ["title", "discount_code", "discount_type", "discount_value"]


class OrderChangeList(OfficeChangeList):
    """A page of orders that knows the saga and the payment of each: three statements for the page, not for an order."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        orders: list[Any] = list(self.result_list)
        order_ids = [order.id for order in orders]
        sagas = list_statuses(order_ids=order_ids, definition=ORDER_PROCESSING.name)
        payments = list_payments(order_ids=order_ids)
        for order in orders:
            order.saga, order.payment = sagas.get(order.id), payments.get(order.id)
        self.result_list = orders


@admin.register(Order)
class OrderAdmin(ReadOnlyAdmin):
    list_display = ["order_number", "email", "amount", "status_now", "payment_status", "saga_status", "created_at"]
    list_filter = ["status", "financial_status", "fulfillment_status", "created_at"]
    search_fields = ["order_number__exact", "email__iexact", "id__exact", "user_id__exact"]
    search_help_text = "the whole order number, e-mail address, or id of an order or a customer"
    ordering = ["-created_at", "-id"]
    inlines = [LineInline, ReturnInline, EventInline, DiscountInline]
    status_now = labelled("status", LABELS, description="status")
    paid_now = labelled("financial_status", LABELS, description="paid")
    customer = named("user_id", description="customer")
    amount = money("total_price", description="total")
    subtotal = money("subtotal_price", description="subtotal")
    shipping = money("shipping_price", description="shipping")
    tax = money("total_tax", description="tax")
    discounts = money("total_discounts", description="discounts")
    ship_to = addressed("shipping_address")
    bill_to = addressed("billing_address")

    def get_fieldsets(self, request: HttpRequest, obj: Order | None = None) -> Any:
        """Return what there is to say of an order; a failure is told where there is one."""
        failure = [("failure_code", "failure_reason")] if obj and obj.failure_code else []
        return [
            (None, {"fields": [("status_now", "paid_now"), ("email", "customer"), *failure, "payment_now"]}),
            ("Saga", {"fields": ["saga_steps"]}),
            ("Amounts", {"fields": [("subtotal", "shipping"), ("tax", "discounts"), "amount"]}),
            ("Delivery", {"fields": [("ship_to", "bill_to"), ("shipping_method", "fulfillment_status"), "notes"]}),
            ("Tracking", {"fields": [("tracking_number", "tracking_url"), ("shipped_at", "delivered_at")]}),
            ("Record", {"fields": ["id", ("created_at", "updated_at"), ("processed_at", "cancelled_at")]}),
        ]

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[OrderChangeList]:
        return OrderChangeList

    @display(description="payment", label=LABELS)
    def payment_status(self, order: Any) -> str:
        return order.payment.status if order.payment else "none"

    @display(description="payment")
    def payment_now(self, order: Order) -> str:
        payment = list_payments(order_ids=[order.id]).get(order.id)
        if payment is None:
            return "none"
        kept = in_words(payment.captured_amount - payment.refunded_amount, payment.currency)
        asked = in_words(payment.amount, payment.currency)
        return f"{payment.status}: {kept} of {asked} is ours, by {payment.gateway}"

    @display(description="saga", label=LABELS)
    def saga_status(self, order: Any) -> str:
        return order.saga or "none"

    @display(description="saga")
    def saga_steps(self, order: Order) -> SafeString | str:
        sagas = list_sagas(order_ids=[order.id], definition=ORDER_PROCESSING.name, limit=1)
        return steps_and_history(sagas[0]) if sagas else "none"
