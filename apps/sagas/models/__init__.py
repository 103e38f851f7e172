"""The tables of the engine: `saga_*` in the orders database, and an inbox and an outbox in every participant's."""

from .audit import AuditFinding, AuditPosition
from .messages import InboxEntry, OutboxEvent
from .people import SagaDeadLetter, SagaRequest
from .sagas import ArchivedSaga, SagaEvent, SagaRelease, SagaRow, SagaSubject, SagaTransaction

__all__ = [
    "ArchivedSaga",
    "AuditFinding",
    "AuditPosition",
    "InboxEntry",
    "OutboxEvent",
    "SagaDeadLetter",
    "SagaEvent",
    "SagaRelease",
    "SagaRequest",
    "SagaRow",
    "SagaSubject",
    "SagaTransaction",
]
