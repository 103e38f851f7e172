from apps.sagas.models import InboxEntry
from apps.sagas.models import OutboxEvent as AbstractOutboxEvent


class SagaInbox(InboxEntry):
    """The saga effects this database has had, with their replies."""

    class Meta(InboxEntry.Meta):
        abstract = False


class OutboxEvent(AbstractOutboxEvent):
    """What payments announces."""

    class Meta(AbstractOutboxEvent.Meta):
        abstract = False
