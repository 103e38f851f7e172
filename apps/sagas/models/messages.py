"""The inbox and the outbox, which every participant has in its own database."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from apps.core.models import Created, Identified


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
