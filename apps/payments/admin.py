"""Payments in the back office: to be read. What moves money goes through a saga, and the gateway has the last word."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.decorators import display

from apps.core.admin import ReadOnlyAdmin, ReadOnlyInline
from apps.core.money import formatted
from apps.payments.models import LedgerLine, Payment, PaymentAttempt, PaymentMethod, Refund, WebhookEvent

# No filter by a column without choices: Django would read every row for the values.
LABELS = {
    "succeeded": "success",
    "calling": "warning",
    "pending": "warning",
    "declined": "danger",
    "cancelled": "info",
    "refunded": "info",
    "partially_refunded": "info",
}


def in_words(amount: Any, currency: str | None) -> str:
    """Return an amount with its currency; empty for a tombstone, which has none."""
    return f"{formatted(amount, currency)} {currency}" if amount is not None and currency else ""


class AttemptInline(ReadOnlyInline):
    model = PaymentAttempt
    verbose_name_plural = "attempts"
    ordering = ["epoch"]
    fields = ["id", "epoch", "state", "tries", "gateway_reference", "decline_reason", "last_error", "fenced_at"]


class LedgerInline(ReadOnlyInline):
    model = LedgerLine
    verbose_name_plural = "ledger"
    ordering = ["created_at", "kind"]
    fields = ["created_at", "kind", "amount", "currency", "effect_id", "reason"]


class RefundInline(ReadOnlyInline):
    model = Refund
    verbose_name_plural = "refunds"
    ordering = ["created_at"]
    fields = ["created_at", "state", "amount", "currency", "gateway_reference", "reason", "last_error"]


@admin.register(Payment)
class PaymentAdmin(ReadOnlyAdmin):
    """Every payment; one shows its attempts, its refunds and its ledger."""

    list_display = ["order_id", "labelled_status", "asked", "captured", "refunded", "gateway", "created_at"]
    list_filter = ["status", "created_at"]
    search_fields = ["id__exact", "order_id__exact", "user_id__exact", "attempts__gateway_reference__exact"]
    search_help_text = "the whole id of an order, a customer or a payment, or the gateway's reference"
    ordering = ["-created_at"]
    inlines = [AttemptInline, RefundInline, LedgerInline]
    fields = ["order_id", "user_id", "labelled_status", "asked", "captured", "refunded", "gateway", "created_at"]
    readonly_fields = fields

    @display(description="status", label=LABELS, ordering="status")
    def labelled_status(self, payment: Payment) -> str:
        return payment.status

    @display(description="amount", ordering="amount")
    def asked(self, payment: Payment) -> str:
        return in_words(payment.amount, payment.currency)

    @display(description="captured", ordering="captured_amount")
    def captured(self, payment: Payment) -> str:
        return in_words(payment.captured_amount, payment.currency)

    @display(description="refunded", ordering="refunded_amount")
    def refunded(self, payment: Payment) -> str:
        return in_words(payment.refunded_amount, payment.currency)


@admin.register(PaymentAttempt)
class PaymentAttemptAdmin(ReadOnlyAdmin):
    """Every effect asked of the gateway, tombstones included; `calling` are those whose outcome is not known yet."""

    list_display = ["id", "order_id", "labelled_state", "asked", "tries", "decline_reason", "last_error", "created_at"]
    list_filter = ["state", ("fenced_at", admin.EmptyFieldListFilter)]
    search_fields = ["id__exact", "order_id__exact", "gateway_reference__exact"]
    search_help_text = "the whole id of an attempt or an order, or the gateway's reference"
    ordering = ["-created_at"]
    exclude = ["payment_method"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[PaymentAttempt]:
        return super().get_queryset(request).select_related("payment")

    @display(description="state", label=LABELS, ordering="state")
    def labelled_state(self, attempt: PaymentAttempt) -> str:
        return attempt.state

    @display(description="amount", ordering="amount")
    def asked(self, attempt: PaymentAttempt) -> str:
        return in_words(attempt.amount, attempt.currency)


@admin.register(LedgerLine)
class LedgerLineAdmin(ReadOnlyAdmin):
    """Every movement of money."""

    list_display = ["created_at", "order_id", "kind", "moved", "effect_id", "reason"]
    list_filter = ["kind", "created_at"]
    search_fields = ["order_id__exact", "effect_id__exact"]
    ordering = ["-created_at", "-kind"]

    @display(description="amount", ordering="amount")
    def moved(self, line: LedgerLine) -> str:
        return in_words(line.amount, line.currency)


@admin.register(PaymentMethod)
class PaymentMethodAdmin(ReadOnlyAdmin):
    """Customers' saved cards, without their tokens."""

    list_display = ["user_id", "brand", "last4", "expires", "is_default", "gateway", "created_at"]
    list_filter = ["is_default"]
    search_fields = ["user_id__exact", "last4__exact"]
    ordering = ["-created_at"]
    exclude = ["token"]

    @display(description="expires", ordering="exp_year")
    def expires(self, method: PaymentMethod) -> str:
        return f"{method.exp_month:02}/{method.exp_year}"


@admin.register(WebhookEvent)
class WebhookEventAdmin(ReadOnlyAdmin):
    """What the gateway told on its own account."""

    list_display = ["received_at", "gateway", "type", "event_id", "processed_at"]
    list_filter = [("processed_at", admin.EmptyFieldListFilter), "received_at"]
    search_fields = ["event_id__exact"]
    ordering = ["-received_at"]
