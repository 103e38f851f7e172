"""Answers to requests that may be repeated."""

from django.db import models

from apps.core.models import IdempotencyRecord as AbstractIdempotencyRecord


class IdempotencyRecord(AbstractIdempotencyRecord):
    """The answer to a request that moved stock, kept in the commit of its movements."""

    class Meta(AbstractIdempotencyRecord.Meta):
        abstract = False
        indexes = [models.Index(fields=["expires_at"], name="idx_idempotency_expires_at")]

    def __str__(self) -> str:
        return f"{self.scope} {self.key}"
