"""Orders with their lines, their history, and the saga that moves them."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from unfold.decorators import display
from unfold.views import ChangeList

from apps.core.admin import ReadOnlyAdmin, ReadOnlyInline
from apps.orders.models import Order, OrderDiscount, OrderEvent, OrderLineItem
from apps.payments.selectors import list_payments
from apps.sagas.selectors import SagaView, list_sagas

LABELS = {
    "processing": "info",
    "confirmed": "success",
    "failed": "danger",
    "cancelled": "warning",
    "active": "info",
    "completed": "success",
    "compensating": "warning",
}


class LineInline(ReadOnlyInline):
    model = OrderLineItem
    fields = ["title", "variant_title", "sku", "quantity", "price", "total_discount", "total", "fulfillment_status"]
    ordering = ["created_at", "id"]


class EventInline(ReadOnlyInline):
    model = OrderEvent
    fields = ["created_at", "event_type", "description", "data", "created_by"]
    ordering = ["created_at", "id"]


class DiscountInline(ReadOnlyInline):
    model = OrderDiscount
    fields = ["title", "discount_code", "discount_type", "discount_value"]


class OrderChangeList(ChangeList):
    """A page of orders that knows the saga and the payment of each: three statements for the page, not for an order."""

    result_list: Any

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        orders: list[Any] = list(self.result_list)
        sagas, payments = sagas_of(orders), list_payments(order_ids=[order.id for order in orders])
        for order in orders:
            order.saga, order.payment = sagas.get(order.id), payments.get(order.id)
        self.result_list = orders


def sagas_of(orders: list[Order]) -> dict[Any, SagaView]:
    """Return the newest saga of each order that has one."""
    found = list_sagas(order_ids=[order.id for order in orders], limit=10 * len(orders)) if orders else []
    return {saga.order_id: saga for saga in reversed(found)}


@admin.register(Order)
class OrderAdmin(ReadOnlyAdmin):
    list_display = [
        "order_number",
        "labelled_status",
        "saga_status",
        "payment_status",
        "labelled_payment",
        "fulfillment_status",
        "email",
        "amount",
        "created_at",
    ]
    list_filter = ["status", "financial_status", "fulfillment_status", "created_at"]
    search_fields = ["order_number__exact", "email__iexact", "id__exact", "user_id__exact"]
    search_help_text = "the whole order number, e-mail address, or id of an order or a customer"
    ordering = ["-created_at", "-id"]
    inlines = [LineInline, EventInline, DiscountInline]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "order_number",
                    "labelled_status",
                    "labelled_payment",
                    "fulfillment_status",
                    "failure_code",
                    "failure_reason",
                    "payment_now",
                    "saga_steps",
                ]
            },
        ),
        (
            "Amounts",
            {"fields": ["subtotal_price", "shipping_price", "total_tax", "total_discounts", "total_price", "currency"]},
        ),
        ("Buyer", {"fields": ["email", "user_id", "shipping_address", "billing_address", "notes"]}),
        ("Shipping", {"fields": ["shipping_method", "tracking_number", "tracking_url"]}),
        (
            "Times",
            {"fields": ["created_at", "updated_at", "processed_at", "shipped_at", "delivered_at", "cancelled_at"]},
        ),
    ]
    readonly_fields = [
        "order_number",
        "labelled_status",
        "labelled_payment",
        "payment_now",
        "saga_steps",
        "created_at",
        "updated_at",
    ]

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[OrderChangeList]:
        return OrderChangeList

    @display(description="status", label=LABELS, ordering="status")
    def labelled_status(self, order: Order) -> str:
        return order.status

    @display(description="paid", label={"paid": "success", "voided": "danger"}, ordering="financial_status")
    def labelled_payment(self, order: Order) -> str:
        return order.financial_status

    @display(description="payment")
    def payment_status(self, order: Any) -> str:
        return order.payment.status if order.payment else "none"

    @display(description="payment")
    def payment_now(self, order: Order) -> str:
        payment = list_payments(order_ids=[order.id]).get(order.id)
        if payment is None:
            return "none"
        kept = payment.captured_amount - payment.refunded_amount
        return f"{payment.status}: {kept:f} of {payment.amount:f} {payment.currency} is ours, by {payment.gateway}"

    @display(description="saga", label=LABELS)
    def saga_status(self, order: Any) -> str:
        return order.saga.status if order.saga else "none"

    @display(description="total", ordering="total_price")
    def amount(self, order: Order) -> str:
        return f"{order.total_price} {order.currency}"

    @display(description="saga")
    def saga_steps(self, order: Order) -> SafeString | str:
        saga = sagas_of([order]).get(order.id)
        if saga is None:
            return "none"
        steps = [(step.action, step.service, step.state, step.error or "") for step in saga.steps]
        return format_html_join("", "<div>{} ({}): <b>{}</b> {}</div>", steps)
