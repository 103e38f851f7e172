from typing import Any

from django.db import models
from django.db.models import F, Q

from apps.core.models import Identified, Timestamped
from apps.core.money import in_words

ISO_4217 = r"^[A-Z]{3}$"


def money(**options: Any) -> "models.DecimalField[Any, Any]":
    """Return an amount's field: numeric(19,4), which holds every currency's minor unit exactly."""
    return models.DecimalField(max_digits=19, decimal_places=4, **options)


class Payment(Identified, Timestamped):
    """
    The money side of one order: asked, captured and given back.

    `status` and both totals are folded from the attempts and the ledger (sql/fold_payments.sql), never set by hand.
    """

    class Status(models.TextChoices):
        PENDING = "pending", "Pending"
        SUCCEEDED = "succeeded", "Succeeded"
        DECLINED = "declined", "Declined"
        CANCELLED = "cancelled", "Cancelled"
        PARTIALLY_REFUNDED = "partially_refunded", "Partially refunded"
        REFUNDED = "refunded", "Refunded"

    order_id = models.UUIDField()
    user_id = models.UUIDField(null=True, blank=True, help_text="empty for a guest")
    amount = money()
    captured_amount = money(default=0, db_default=0)
    refunded_amount = money(default=0, db_default=0)
    currency = models.CharField(max_length=3)
    status = models.CharField(max_length=20, choices=Status.choices, default=Status.PENDING, db_default=Status.PENDING)
    gateway = models.CharField(max_length=30)

    class Meta:
        db_table = "payments"
        constraints = [
            models.UniqueConstraint(fields=["order_id"], name="one_payment_an_order"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="payment_amount_is_positive"),
            models.CheckConstraint(condition=Q(currency__regex=ISO_4217), name="payment_currency_is_iso_4217"),
            models.CheckConstraint(
                condition=Q(captured_amount__gte=0, captured_amount__lte=F("amount")),
                name="payment_captures_at_most_its_amount",
            ),
            models.CheckConstraint(
                condition=Q(refunded_amount__gte=0, refunded_amount__lte=F("captured_amount")),
                name="payment_refunds_at_most_what_it_captured",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["pending", "declined", "cancelled"], captured_amount=0)
                | Q(status="succeeded", captured_amount__gt=0, refunded_amount=0)
                | Q(status="partially_refunded", refunded_amount__gt=0, refunded_amount__lt=F("captured_amount"))
                | Q(status="refunded", refunded_amount__gt=0, refunded_amount=F("captured_amount")),
                name="payment_status_agrees_with_its_amounts",
            ),
        ]
        indexes = [
            models.Index(fields=["user_id"], name="idx_payments_user_id"),
            models.Index(fields=["status", "created_at"], name="idx_payments_status"),
            models.Index(fields=["created_at"], condition=Q(status="pending"), name="idx_payments_pending"),
        ]

    def __str__(self) -> str:
        return f"{in_words(self.amount, self.currency)} {self.status}"
