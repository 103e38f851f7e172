"""
Where sagas stand, living and archived, what they were about, and their history.

Where a saga stands is told by its cursor: `step`, `direction`, `lane` and `due_at`; `due_at` is ready time, backoff and
lease expiry in one. `states` says the same for people, one word a step; the engine's own words are in progress.py.
"""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from apps.core.models import Timestamped
from apps.sagas.messages import WALKED
from apps.sagas.progress import Hold, Status

from .spelling import spelled


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
            # The auditor reads them in the order of their end; one entry a saga, written once.
            models.Index(
                fields=["finished_at", "id"],
                condition=Q(finished_at__isnull=False),
                name="idx_saga_transactions_finished",
            ),
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
