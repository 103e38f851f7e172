"""The notifications database: the mails of the shop, one row a mail, and the templates they are written from."""

from .mails import Message, Template
from .messages import OutboxEvent, SagaInbox

__all__ = ["Message", "OutboxEvent", "SagaInbox", "Template"]
