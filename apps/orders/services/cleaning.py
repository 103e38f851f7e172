"""What nobody needs any more goes."""

from apps.core.idempotency_store import forget_expired
from apps.orders.models import IdempotencyRecord
from apps.orders.statements import SQL

MOST_AT_ONCE = 10_000


def delete_expired(*, at_most: int = MOST_AT_ONCE) -> tuple[int, int]:
    """
    Delete carts past their `expires_at`, ordered or not, and answers kept under expired keys; orders are left alone.

    Carts that somebody is changing are skipped until the next time. Idempotent.

    Returns:
        How many carts and how many answers went, each at most `at_most`.
    """
    carts = SQL.run("delete_expired_carts", at_most=at_most)
    return carts, forget_expired(IdempotencyRecord, using="orders", at_most=at_most)
