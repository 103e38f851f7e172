"""The outbox of the orders database."""

from apps.sagas.models import OutboxEvent as AbstractOutboxEvent


class OutboxEvent(AbstractOutboxEvent):
    """What happened to an order, on its way to whoever wants to know."""

    class Meta(AbstractOutboxEvent.Meta):
        abstract = False

    def __str__(self) -> str:
        return f"{self.type} {self.aggregate_id}"
