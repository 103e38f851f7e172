"""
The tables of the engine: `saga_*` in the orders database, and an inbox and an outbox in every participant's.

Where a saga stands is told by its cursor: `step`, `direction`, `lane` and `due_at`; `due_at` is ready time, backoff and
lease expiry in one. `states` says the same for people, one word a step; the engine's own words are in progress.py.
"""

from collections.abc import Iterable
from enum import StrEnum

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from apps.core.models import Created, Identified, Timestamped

from .messages import WALKED
from .progress import Hold, Status


def spelled(words: Iterable[StrEnum]) -> list[tuple[str, str]]:
    """Return words of an enumeration as Django's choices."""
    return [(str(word), str(word)) for word in words]


class SagaRow(Timestamped):
    """
    Where one saga stands.

    `subject_id` is what the saga is about and starts it once only; `order_id` is the order it serves, by which
    everything of an order can live on one server.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    definition = models.CharField(max_length=100)
    version = models.SmallIntegerField()
    subject_id = models.UUIDField()
    order_id = models.UUIDField()
    status = models.CharField(max_length=20, choices=spelled(Status))
    hold = models.CharField(max_length=20, choices=spelled(Hold), null=True, blank=True)
    step = models.SmallIntegerField()
    direction = models.CharField(max_length=10, choices=spelled(WALKED))
    lane = models.CharField(max_length=50)
    states = models.JSONField()
    effects_open = models.SmallIntegerField()
    attempt = models.IntegerField(db_default=0, help_text="claims of this step that ended in no answer")
    failures = models.IntegerField(db_default=0, help_text="answers of this step that were technical failures")
    failing_since = models.DateTimeField(null=True, blank=True, help_text="the first failure of the current step")
    epoch = models.IntegerField(db_default=0)
    due_at = models.DateTimeField(db_default=Now())
    lease = models.UUIDField(null=True, blank=True)
    seq = models.IntegerField(help_text="the number of the last event")
    data = models.JSONField()
    cause = models.JSONField(null=True, blank=True, help_text="why it turned back")
    waivers = models.JSONField(null=True, blank=True, help_text="what two people gave up of it")
    error = models.TextField(null=True, blank=True, help_text="the last technical failure of the current step")
    deadline_at = models.DateTimeField(null=True, blank=True)
    trace_id = models.CharField(max_length=64, null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.definition} {self.id}"


class SagaTransaction(SagaRow):
    """One running saga, or one that has finished lately."""

    class Meta:
        db_table = "saga_transactions"
        constraints = [
            models.UniqueConstraint(fields=["definition", "subject_id"], name="saga_starts_once"),
            models.CheckConstraint(condition=Q(status__in=[str(one) for one in Status]), name="saga_status_is_known"),
            models.CheckConstraint(
                condition=Q(direction__in=[str(one) for one in WALKED]), name="saga_direction_is_known"
            ),
            models.CheckConstraint(
                condition=Q(hold__isnull=True) | Q(hold__in=[str(one) for one in Hold]), name="saga_hold_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(status="failed") | Q(effects_open=0), name="failed_saga_has_no_open_effect"
            ),
            models.CheckConstraint(
                condition=Q(status__in=["active", "compensating"], finished_at__isnull=True)
                | Q(status__in=["completed", "failed"], finished_at__isnull=False),
                name="finished_saga_has_its_time",
            ),
        ]
        indexes = [
            models.Index(
                fields=["lane", "due_at"],
                condition=Q(status__in=["active", "compensating"], hold__isnull=True),
                name="idx_saga_transactions_due",
            ),
            # Few rows, looked for at every claim: what may kill its worker is claimed alone.
            models.Index(
                fields=["lane", "due_at"],
                condition=Q(status__in=["active", "compensating"], hold__isnull=True, attempt__gte=2),
                name="idx_saga_transactions_suspect",
            ),
            models.Index(fields=["order_id"], name="idx_saga_transactions_order"),
            models.Index(fields=["status", "created_at"], name="idx_saga_transactions_status"),
            models.Index(fields=["hold"], condition=Q(hold__isnull=False), name="idx_saga_transactions_hold"),
        ]


class ArchivedSaga(SagaRow):
    """
    One saga that finished a while ago; a saga is here or among the transactions, never in both.

    Partitioned by month of birth, as its events are, and gone with its month.
    """

    archived_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "saga_archive"
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=["completed", "failed"], finished_at__isnull=False),
                name="archived_saga_has_ended",
            ),
            models.CheckConstraint(
                condition=~Q(status="failed") | Q(effects_open=0), name="archived_failure_has_no_open_effect"
            ),
        ]
        indexes = [
            models.Index(fields=["order_id"], name="idx_saga_archive_order"),
            models.Index(fields=["status", "id"], name="idx_saga_archive_status"),
        ]


class SagaSubject(models.Model):
    """What an archived saga was about: it starts none of this definition again, though the archive be dropped."""

    pk = models.CompositePrimaryKey("definition", "subject_id")
    definition = models.CharField(max_length=100)
    subject_id = models.UUIDField()
    saga_id = models.UUIDField()

    class Meta:
        db_table = "saga_subjects"

    def __str__(self) -> str:
        return f"{self.definition} of {self.subject_id}"


class SagaRelease(models.Model):
    """What of a released definition must not change; see fingerprints.py."""

    pk = models.CompositePrimaryKey("definition", "version")
    definition = models.CharField(max_length=100)
    version = models.SmallIntegerField()
    fingerprint = models.CharField(max_length=64)
    description = models.JSONField()
    released_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "saga_releases"

    def __str__(self) -> str:
        return f"{self.definition} {self.version}"


class SagaEvent(models.Model):
    """
    One transition of a saga; never changed, never deleted but with its whole partition.

    The table is partitioned by `saga_id`: a UUIDv7 begins with its time, so a month of sagas is a range of ids, all
    events of a saga lie together, and `(saga_id, seq)` stays unique over all partitions.
    """

    pk = models.CompositePrimaryKey("saga_id", "seq")
    saga_id = models.UUIDField()
    seq = models.IntegerField()
    kind = models.CharField(max_length=30)
    step = models.CharField(max_length=100)
    direction = models.CharField(max_length=10)
    attempt = models.IntegerField()
    actor = models.CharField(max_length=100)
    data = models.JSONField(db_default={})
    at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "saga_events"
        managed = False
        ordering = ["saga_id", "seq"]

    def __str__(self) -> str:
        return f"{self.saga_id} #{self.seq} {self.kind} {self.step}"


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


class InboxEntry(models.Model):
    """
    One effect of one saga in this database, with the reply it was given: the same call twice gets the same reply.

    A compensation also writes the entry of the forward effect it finds missing (`cancelled`, the tombstone), so that a
    late forward call does nothing.
    """

    pk = models.CompositePrimaryKey("saga_id", "step", "direction", "epoch")
    saga_id = models.UUIDField()
    step = models.CharField(max_length=100)
    direction = models.CharField(max_length=10)
    epoch = models.IntegerField(db_default=0)
    outcome = models.CharField(max_length=20)
    reply = models.JSONField(null=True)
    request_hash = models.BinaryField()
    handled_at = models.DateTimeField(db_default=Now())

    class Meta:
        abstract = True
        db_table = "saga_inbox"
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome__in=["replied", "refused", "cancelled"]), name="inbox_outcome_is_known"
            ),
        ]


class OutboxEvent(Identified, Created):
    """One domain event, written in the commit in which it happened; the relay takes it from there."""

    aggregate = models.CharField(max_length=50)
    aggregate_id = models.UUIDField()
    aggregate_seq = models.IntegerField()
    type = models.CharField(max_length=100)
    payload = models.JSONField()
    published_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True
        db_table = "outbox_events"
        constraints = [
            models.UniqueConstraint(
                fields=["aggregate", "aggregate_id", "aggregate_seq"], name="outbox_events_in_order"
            ),
        ]
        indexes = [
            models.Index(fields=["id"], condition=Q(published_at__isnull=True), name="idx_outbox_events_unpublished"),
        ]
