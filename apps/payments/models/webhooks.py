from django.contrib.postgres.functions import TransactionNow
from django.db import models
from django.db.models import Q

from apps.core.models import Identified


class WebhookEvent(Identified):
    """
    What the gateway told on its own account, as it came; `event_id` is its number, so twice told is kept once.

    Declared, not used yet: nobody writes it, since the gateway is asked and not listened to.
    """

    gateway = models.CharField(max_length=30)
    event_id = models.CharField(max_length=255)
    type = models.CharField(max_length=100)
    payload = models.JSONField()
    received_at = models.DateTimeField(db_default=TransactionNow(), editable=False)
    processed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "webhook_events"
        constraints = [models.UniqueConstraint(fields=["gateway", "event_id"], name="webhook_event_is_kept_once")]
        indexes = [
            models.Index(fields=["received_at"], name="idx_webhook_events_received_at"),
            models.Index(fields=["received_at"], condition=Q(processed_at=None), name="idx_webhook_events_waiting"),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.event_id}"
