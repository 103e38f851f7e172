"""Payments in the back office: to be read. What moves money goes through a saga, and the gateway has the last word."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.decorators import display

from apps.core.admin import ReadOnlyAdmin, ReadOnlyInline, labelled, money, named
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


class AttemptInline(ReadOnlyInline):
    model = PaymentAttempt
    verbose_name_plural = "attempts"
    ordering = ["epoch"]
    fields = ["epoch", "state_now", "tries", "gateway_reference", "decline_reason", "last_error", "fenced_at"]
    state_now = labelled("state", LABELS, description="state")


class LedgerInline(ReadOnlyInline):
    model = LedgerLine
    verbose_name_plural = "ledger"
    ordering = ["created_at", "kind"]
    fields = ["created_at", "kind", "moved", "effect_id", "reason"]
    moved = money("amount")


class RefundInline(ReadOnlyInline):
    model = Refund
    verbose_name_plural = "refunds"
    ordering = ["created_at"]
    fields = ["created_at", "state_now", "given_back", "gateway_reference", "reason", "last_error"]
    state_now = labelled("state", LABELS, description="state")
    given_back = money("amount")


@admin.register(Payment)
class PaymentAdmin(ReadOnlyAdmin):
    """Every payment; one shows its attempts, its refunds and its ledger."""

    list_display = ["order", "status_now", "customer", "asked", "captured", "refunded", "gateway", "created_at"]
    list_filter = ["status", "created_at"]
    search_fields = ["id__exact", "order_id__exact", "user_id__exact", "attempts__gateway_reference__exact"]
    search_help_text = "the whole id of an order, a customer or a payment, or the gateway's reference"
    # By id, which rises with time: the primary key's index serves the page.
    ordering = ["-id"]
    inlines = [AttemptInline, RefundInline, LedgerInline]
    fields = [
        ("order", "customer"),
        ("status_now", "gateway"),
        "asked",
        ("captured", "refunded"),
        "id",
        ("created_at", "updated_at"),
    ]
    order = named("order_id")
    customer = named("user_id", description="customer")
    status_now = labelled("status", LABELS, description="status")
    asked = money("amount")
    captured = money("captured_amount", description="captured")
    refunded = money("refunded_amount", description="refunded")


@admin.register(PaymentAttempt)
class PaymentAttemptAdmin(ReadOnlyAdmin):
    """Every effect asked of the gateway, tombstones included; `calling` are those whose outcome is not known yet."""

    list_display = ["order", "state_now", "asked", "tries", "decline_reason", "last_error", "created_at"]
    list_filter = ["state", ("fenced_at", admin.EmptyFieldListFilter), "created_at"]
    search_fields = ["id__exact", "order_id__exact", "gateway_reference__exact"]
    search_help_text = "the whole id of an attempt or an order, or the gateway's reference"
    ordering = ["-created_at"]
    # Not the gateway's token of the card.
    fields = [
        ("order", "payment"),
        ("state_now", "asked"),
        ("decline_reason", "last_error"),
        ("gateway", "gateway_reference"),
        ("tries", "renewal"),
        ("id", "epoch"),
        ("created_at", "first_called_at"),
        ("undo_asked_at", "fenced_at"),
    ]
    order = named("order_id")
    state_now = labelled("state", LABELS, description="state")
    asked = money("amount")

    def get_queryset(self, request: HttpRequest) -> QuerySet[PaymentAttempt]:
        return super().get_queryset(request).select_related("payment")


@admin.register(LedgerLine)
class LedgerLineAdmin(ReadOnlyAdmin):
    """Every movement of money."""

    list_display = ["order", "kind_now", "moved", "reason", "created_at"]
    list_filter = ["kind", "created_at"]
    search_fields = ["order_id__exact", "effect_id__exact"]
    search_help_text = "the whole id of an order or of an effect"
    ordering = ["-created_at", "-kind"]
    fields = ["order", "kind_now", "moved", "reason", "effect_id", "created_at"]
    order = named("order_id")
    kind_now = labelled("kind", {"capture": "success", "refund": "info", "waiver": "warning"}, description="kind")
    moved = money("amount")


@admin.register(PaymentMethod)
class PaymentMethodAdmin(ReadOnlyAdmin):
    """Customers' saved cards, without their tokens."""

    list_display = ["customer", "brand", "last4", "expires", "is_default", "gateway", "created_at"]
    list_filter = ["is_default", "created_at"]
    search_fields = ["user_id__exact", "last4__exact"]
    search_help_text = "the whole id of a customer, or a card's last four digits"
    ordering = ["-id"]
    fields = ["customer", ("brand", "last4"), ("expires", "is_default"), "gateway", ("created_at", "updated_at")]
    customer = named("user_id", description="customer")

    @display(description="expires", ordering="exp_year")
    def expires(self, method: PaymentMethod) -> str:
        return f"{method.exp_month:02}/{method.exp_year}"


@admin.register(WebhookEvent)
class WebhookEventAdmin(ReadOnlyAdmin):
    """What the gateway told on its own account."""

    list_display = ["event_id", "type", "gateway", "received_at", "processed_at"]
    list_filter = [("processed_at", admin.EmptyFieldListFilter), "received_at"]
    search_fields = ["event_id__exact"]
    search_help_text = "the whole id that the gateway gave"
    ordering = ["-received_at"]
    fields = ["event_id", ("type", "gateway"), ("received_at", "processed_at"), "payload"]
