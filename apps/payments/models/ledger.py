from django.db import models
from django.db.models import F, Q

from apps.core.models import Created, Identified, Timestamped
from apps.core.money import in_words

from .attempts import PaymentAttempt
from .payments import ISO_4217, Payment, money


class LedgerLine(Identified, Created):
    """
    One movement of money; never changed, never deleted (rule payment_ledger_is_append_only).

    Captures are positive, refunds negative: their sum is what the gateway holds. A waiver is an adjustment by two
    people, named with their reason, that makes the sum of an order true when what the gateway holds is not moved: minus
    what was not given back, and plus the same again should it be given back after all. `effect_id` is the gateway's key
    of the movement, or a function of it.
    """

    class Kind(models.TextChoices):
        CAPTURE = "capture", "Capture"
        REFUND = "refund", "Refund"
        WAIVER = "waiver", "Waiver"

    order_id = models.UUIDField()
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="ledger", db_index=False)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    amount = money()
    currency = models.CharField(max_length=3)
    effect_id = models.UUIDField()
    reason = models.TextField(null=True, blank=True)
    proposed_by = models.CharField(max_length=100, null=True, blank=True)
    approved_by = models.CharField(max_length=100, null=True, blank=True)

    class Meta:
        db_table = "payment_ledger"
        constraints = [
            models.UniqueConstraint(fields=["effect_id"], name="one_ledger_line_an_effect"),
            models.UniqueConstraint(fields=["order_id"], condition=Q(kind="capture"), name="one_capture_an_order"),
            models.CheckConstraint(
                condition=Q(kind="capture", amount__gt=0)
                | Q(kind="refund", amount__lt=0)
                | (Q(kind="waiver", reason__isnull=False) & ~Q(amount=0)),
                name="ledger_line_goes_its_way",
            ),
            models.CheckConstraint(
                condition=~Q(kind="waiver")
                | (
                    Q(proposed_by__isnull=False, approved_by__isnull=False)
                    & ~Q(proposed_by__iexact=F("approved_by"))
                    & ~Q(reason="")
                ),
                name="waiver_is_by_two_people",
            ),
            models.CheckConstraint(condition=Q(currency__regex=ISO_4217), name="ledger_currency_is_iso_4217"),
        ]
        indexes = [
            models.Index(fields=["order_id"], name="idx_payment_ledger_order_id"),
            models.Index(fields=["payment"], name="idx_payment_ledger_payment"),
            models.Index(fields=["created_at"], name="idx_payment_ledger_created_at"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {in_words(self.amount, self.currency)}"


class Refund(Identified, Timestamped):
    """
    Money to be given back of one charge, under a key of its own.

    - `held`: promised to a return, and not asked of the gateway yet; nobody else gets this money meanwhile.
    - `released`: the return was undone before its money was asked for; also the tombstone a late hold finds.
    - `calling`: asked, until the gateway says that it is done.
    - `succeeded`: done; the ledger has its line, under the same `effect_id`.
    - `waived`: two people gave it up; it may land all the same, and is `succeeded` then.

    A compensation gives a whole charge back, and is never held. `receipt_id` names the act of receiving goods that a
    return's refund is for.
    """

    class State(models.TextChoices):
        HELD = "held", "Held"
        RELEASED = "released", "Released"
        CALLING = "calling", "Calling"
        SUCCEEDED = "succeeded", "Succeeded"
        WAIVED = "waived", "Waived"

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="refunds", db_index=False)
    attempt = models.ForeignKey(PaymentAttempt, on_delete=models.PROTECT, related_name="refunds", db_index=False)
    return_id = models.UUIDField(null=True, blank=True, help_text="empty where an order was undone")
    receipt_id = models.UUIDField(null=True, blank=True, editable=False)
    effect_id = models.UUIDField(null=True, blank=True, help_text="the gateway's key")
    amount = money()
    currency = models.CharField(max_length=3)
    state = models.CharField(max_length=20, choices=State.choices)
    tries = models.IntegerField(default=1, db_default=1, help_text="how often the gateway was to be asked")
    gateway_reference = models.CharField(max_length=255, null=True, blank=True)
    reason = models.CharField(max_length=255)
    last_error = models.TextField(null=True, blank=True)

    class Meta:
        db_table = "refunds"
        constraints = [
            models.UniqueConstraint(fields=["effect_id"], name="one_refund_an_effect"),
            models.UniqueConstraint(fields=["receipt_id"], name="one_refund_a_receipt"),
            models.CheckConstraint(
                condition=Q(state__in=["held", "released", "calling", "succeeded", "waived"]),
                name="refund_state_is_known",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["held", "released"], effect_id__isnull=True)
                | Q(state__in=["calling", "succeeded", "waived"], effect_id__isnull=False),
                name="asked_refund_has_its_key",
            ),
            models.CheckConstraint(
                condition=Q(return_id__isnull=True, receipt_id__isnull=True)
                | Q(return_id__isnull=False, receipt_id__isnull=False),
                name="refund_of_a_return_names_its_receipt",
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="refund_amount_is_positive"),
            models.CheckConstraint(condition=Q(currency__regex=ISO_4217), name="refund_currency_is_iso_4217"),
        ]
        indexes = [
            models.Index(fields=["payment"], name="idx_refunds_payment"),
            models.Index(fields=["attempt"], name="idx_refunds_attempt"),
            models.Index(fields=["created_at"], condition=Q(state="calling"), name="idx_refunds_calling"),
        ]

    def __str__(self) -> str:
        return f"{self.state} {in_words(self.amount, self.currency)}"
