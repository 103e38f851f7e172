from django.db import models
from django.db.models import Q

from apps.core.models import Timestamped
from apps.core.money import in_words

from .payments import ISO_4217, Payment, money


class PaymentAttempt(Timestamped):
    """
    One effect that payments asks of the gateway; `id` is the effect's identity and the gateway's key.

    States, and who may move them (rule payment_attempt_follows_its_states):

    - `calling`: the intent is noted; the gateway may or may not have heard. Found again, it is asked before it acts.
    - `succeeded`, `declined`: the gateway's answer.
    - `cancelled`: nothing was and nothing will be charged. Also the tombstone that a compensation leaves where it finds
      no attempt; then payment, amount and currency are unknown.
    - `refunded`: charged, and given back in full.

    `undo_asked_at` is when a compensation began: from then on no charge is started. `fenced_at` is when the gateway
    promised that no charge can come under the key any more. `waived_at` is when the ledger noted that two people gave
    up paying the charge back.
    """

    class State(models.TextChoices):
        CALLING = "calling", "Calling"
        SUCCEEDED = "succeeded", "Succeeded"
        DECLINED = "declined", "Declined"
        CANCELLED = "cancelled", "Cancelled"
        REFUNDED = "refunded", "Refunded"

    id = models.UUIDField(primary_key=True, editable=False)
    payment = models.ForeignKey(
        Payment, on_delete=models.PROTECT, related_name="attempts", null=True, blank=True, db_index=False
    )
    order_id = models.UUIDField()
    epoch = models.IntegerField(default=0, db_default=0)
    amount = money(null=True, blank=True)
    currency = models.CharField(max_length=3, null=True, blank=True)
    gateway = models.CharField(max_length=30)
    payment_method = models.CharField(max_length=255, null=True, blank=True, help_text="the gateway's token")
    state = models.CharField(max_length=20, choices=State.choices)
    tries = models.IntegerField(default=1, db_default=1, help_text="how often the intent was noted")
    renewal = models.IntegerField(
        default=0, db_default=0, help_text="how often the gateway answered with an error that it repeats"
    )
    gateway_reference = models.CharField(max_length=255, null=True, blank=True)
    decline_reason = models.CharField(max_length=100, null=True, blank=True)
    last_error = models.TextField(null=True, blank=True)
    first_called_at = models.DateTimeField(null=True, blank=True)
    undo_asked_at = models.DateTimeField(null=True, blank=True)
    fenced_at = models.DateTimeField(null=True, blank=True)
    waived_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "payment_attempts"
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["calling", "succeeded", "declined", "cancelled", "refunded"]),
                name="payment_attempt_state_is_known",
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="payment_attempt_amount_is_positive"),
            models.CheckConstraint(condition=Q(currency__regex=ISO_4217), name="payment_attempt_currency_is_iso_4217"),
            models.CheckConstraint(
                condition=Q(state="cancelled") | Q(payment__isnull=False, amount__isnull=False, currency__isnull=False),
                name="only_a_tombstone_lacks_its_payment",
            ),
            models.CheckConstraint(
                condition=Q(fenced_at__isnull=True) | Q(undo_asked_at__isnull=False) | Q(state="cancelled"),
                name="only_what_is_undone_is_fenced",
            ),
            models.CheckConstraint(
                condition=Q(waived_at__isnull=True)
                | Q(undo_asked_at__isnull=False, state__in=["succeeded", "refunded"]),
                name="only_what_is_undone_is_waived",
            ),
        ]
        indexes = [
            models.Index(fields=["order_id"], name="idx_payment_attempts_order_id"),
            models.Index(fields=["payment"], name="idx_payment_attempts_payment"),
            models.Index(fields=["first_called_at"], condition=Q(state="calling"), name="idx_payment_attempts_calling"),
        ]

    def __str__(self) -> str:
        return f"{in_words(self.amount, self.currency)} {self.state}".strip()
