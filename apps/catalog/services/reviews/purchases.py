"""Who bought what: it makes a review a verified one, whichever comes first."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction

from apps.catalog.caching import forget, page_of
from apps.catalog.statements import DATABASE, SQL

from .moderation import approve_reviews
from .writing import lock_customers


@dataclass(frozen=True, slots=True, kw_only=True)
class Purchase:
    """A customer bought a product with an order, `at` that time (UTC); `is_returned` when all of it came back."""

    user_id: UUID
    product_id: UUID
    order_id: UUID
    at: datetime
    is_returned: bool = False


@dataclass(frozen=True, slots=True)
class Turned:
    """A review that is verified now and was not, or the other way round."""

    id: UUID
    slug: str
    is_verified: bool
    is_approved: bool
    is_rejected: bool


def note_purchases(*, purchases: Collection[Purchase]) -> int:
    """
    Note who bought what, and let their reviews say so.

    Idempotent, and the order of calls does not matter: a purchase noted as returned stays returned. What was bought of
    a product that is gone is not noted. Where REVIEWS_APPROVE_VERIFIED says so, waiting reviews that become verified
    are approved.

    Args:
        purchases: each of customer, product and order named once.

    Returns:
        How many reviews are verified now that were not, or the other way round.
    """
    if not purchases:
        return 0
    users, products = [one.user_id for one in purchases], [one.product_id for one in purchases]
    with transaction.atomic(using=DATABASE):
        lock_customers(users)
        SQL.run(
            "note_purchases",
            users=users,
            products=products,
            orders=[one.order_id for one in purchases],
            times=[one.at for one in purchases],
            returned=[one.is_returned for one in purchases],
        )
        turned = SQL.rows("verify_reviews", Turned, users=users, products=products)
        forget([page_of(review.slug) for review in turned if review.is_approved])
        if settings.REVIEWS_APPROVE_VERIFIED:
            waiting = [one.id for one in turned if one.is_verified and not (one.is_approved or one.is_rejected)]
            approve_reviews(review_ids=waiting)
    return len(turned)
