"""What nobody needs any more goes."""

from apps.catalog.models import IdempotencyRecord
from apps.catalog.statements import DATABASE
from apps.core.idempotency_store import forget_expired


def delete_expired() -> int:
    """Delete answers kept under expired keys, 10,000 at most; return how many went. Idempotent."""
    return forget_expired(IdempotencyRecord, using=DATABASE)
