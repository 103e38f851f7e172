"""Sagas in the back office: to be read, and to be asked things. The engine owns the rows, so nobody edits them here."""

from .letters import SagaDeadLetterAdmin, SagaRequestAdmin
from .transactions import ArchivedSagaAdmin, SagaTransactionAdmin

__all__ = ["ArchivedSagaAdmin", "SagaDeadLetterAdmin", "SagaRequestAdmin", "SagaTransactionAdmin"]
