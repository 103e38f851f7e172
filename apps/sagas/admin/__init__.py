"""Sagas in the back office: to be read, and to be asked things. The engine owns the rows, so nobody edits them here."""

from .findings import AuditFindingAdmin
from .letters import SagaDeadLetterAdmin, SagaRequestAdmin
from .transactions import ArchivedSagaAdmin, SagaTransactionAdmin

__all__ = ["ArchivedSagaAdmin", "AuditFindingAdmin", "SagaDeadLetterAdmin", "SagaRequestAdmin", "SagaTransactionAdmin"]
