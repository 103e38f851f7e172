"""Reviews, and what they make of a product's rating."""

from collections.abc import Collection
from uuid import UUID

from django.db import transaction

from apps.catalog.models import ProductReview
from apps.catalog.statements import DATABASE

from .announcements import announce_products


def approve_reviews(*, review_ids: Collection[UUID], approved: bool = True) -> int:
    """
    Show these reviews to everybody, or hide them again; the products' ratings follow.

    Returns:
        How many changed; idempotent.

    Source: rule product_rating_follows_reviews.
    """
    with transaction.atomic(using=DATABASE):
        reviews = ProductReview.objects.using(DATABASE).filter(id__in=review_ids, is_approved=not approved)
        changing = dict(reviews.order_by("id").select_for_update(no_key=True).values_list("id", "product_id"))
        ProductReview.objects.using(DATABASE).filter(id__in=changing).update(is_approved=approved)
        if changing:
            announce_products(product_ids=set(changing.values()))
    return len(changing)
