"""What concerns people: what they ask of sagas, and the steps that wait for them."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from apps.core.models import Created, Identified
from apps.sagas.messages import WALKED


class SagaRequest(Identified, Created):
    """
    What a person asks of a saga; answered once, see requests.py.

    `step` names one of several; empty for the one that the saga stands at.
    """

    class Kind(models.TextChoices):
        CANCEL = "cancel"
        PAUSE = "pause"
        RESUME = "resume"
        RETRY = "retry"
        SKIP = "skip"
        FORCE_COMPENSATE = "force_compensate"
        WAIVE = "waive"

    saga_id = models.UUIDField()
    kind = models.CharField(max_length=20, choices=Kind.choices)
    step = models.CharField(max_length=100, null=True, blank=True)
    actor = models.CharField(max_length=100)
    reason = models.TextField()
    idempotency_key = models.CharField(max_length=255, unique=True)
    consumed_at = models.DateTimeField(null=True, blank=True)
    answer = models.JSONField(null=True, blank=True)

    class Meta:
        db_table = "saga_requests"
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["cancel", "pause", "resume", "retry", "skip", "force_compensate", "waive"]),
                name="saga_request_kind_is_known",
            ),
            models.CheckConstraint(
                condition=Q(consumed_at__isnull=True, answer__isnull=True)
                | Q(consumed_at__isnull=False, answer__isnull=False),
                name="consumed_request_is_answered",
            ),
        ]
        indexes = [
            models.Index(
                fields=["saga_id"], condition=Q(consumed_at__isnull=True), name="idx_saga_requests_unconsumed"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} by {self.actor}"


class SagaDeadLetter(Identified):
    """
    A step that was tried as often as its policy allows; the tries go on, slowly, while a person looks.

    It is waived by two people: `proposed_by`, who becomes `resolved_by`, and `approved_by`.
    """

    class State(models.TextChoices):
        OPEN = "open"
        RESOLVED = "resolved"
        WAIVED = "waived"

    saga_id = models.UUIDField()
    step = models.CharField(max_length=100)
    direction = models.CharField(max_length=10)
    error = models.TextField()
    attempts = models.IntegerField()
    first_at = models.DateTimeField(db_default=Now())
    next_try_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=20, choices=State.choices, db_default=State.OPEN)
    proposed_at = models.DateTimeField(null=True, blank=True)
    proposed_by = models.CharField(max_length=100, null=True, blank=True)
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_by = models.CharField(max_length=100, null=True, blank=True)
    approved_by = models.CharField(max_length=100, null=True, blank=True)
    reason = models.TextField(null=True, blank=True)

    class Meta:
        db_table = "saga_dead_letters"
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["open", "resolved", "waived"]), name="dead_letter_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(direction__in=[str(one) for one in WALKED]), name="dead_letter_direction_is_known"
            ),
            models.UniqueConstraint(
                fields=["saga_id", "step", "direction"],
                condition=Q(state="open"),
                name="one_open_dead_letter_a_step",
            ),
            models.CheckConstraint(
                condition=~Q(state="waived")
                | (
                    Q(resolved_by__isnull=False, approved_by__isnull=False, reason__isnull=False)
                    & ~Q(resolved_by__iexact=F("approved_by"))
                    & ~Q(reason="")
                ),
                name="waiver_is_by_two_people",
            ),
        ]
        indexes = [
            models.Index(fields=["next_try_at"], condition=Q(state="open"), name="idx_saga_dead_letters_open"),
        ]

    def __str__(self) -> str:
        return f"{self.step} {self.direction}, {self.state}"
