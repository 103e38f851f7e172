"""The outbox of the accounts database."""

from apps.sagas import models as sagas


class OutboxEvent(sagas.OutboxEvent):
    class Meta(sagas.OutboxEvent.Meta):
        pass
