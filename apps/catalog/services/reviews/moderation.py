"""What the shop decides about reviews, and what it answers."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.db import transaction

from apps.catalog.caching import forget, page_of
from apps.catalog.contracts import ReviewApproved
from apps.catalog.models import ProductReview
from apps.catalog.selectors import ReviewNotFound
from apps.catalog.services.announcements import announce_products
from apps.catalog.statements import DATABASE
from apps.core import clock
from apps.sagas.outbox import publish

from .text import plain_text


def approve_reviews(*, review_ids: Collection[UUID], by: UUID | None = None) -> dict[UUID, bool]:
    """
    Show these reviews to everybody; the products' ratings follow, and `review.approved` is told.

    Args:
        by: the user who decides.

    Returns:
        Whether each changed, by id; those that do not exist are missing. Idempotent.

    Source: rule product_rating_follows_reviews.
    """
    with transaction.atomic(using=DATABASE):
        reviews = locked(review_ids)
        changing = [review for review in reviews.values() if not review.is_approved]
        decide(changing, is_approved=True, rejection_reason=None, moderated_by=by)
        events = [
            ReviewApproved(review_id=review.id, product_id=review.product_id, rating=review.rating)
            for review in changing
        ]
        publish(events, using=DATABASE)
        announce_products_of(changing)
    return changes(reviews, changing)


def reject_reviews(*, review_ids: Collection[UUID], reason: str, by: UUID | None = None) -> dict[UUID, bool]:
    """
    Show these reviews to nobody but their authors, who read the reason (1 to 500 characters, plain text).

    Returns:
        Whether each changed, by id; those that do not exist are missing. Idempotent.
    """
    with transaction.atomic(using=DATABASE):
        reviews = locked(review_ids)
        changing = [one for one in reviews.values() if one.is_approved or one.rejection_reason != reason]
        decide(changing, is_approved=False, rejection_reason=reason, moderated_by=by)
        announce_products_of([review for review in changing if review.is_approved])
    return changes(reviews, changing)


def reply_to_review(*, review_id: UUID, text: str | None) -> ProductReview:
    """
    Let the shop answer below a review, in plain text; without a text the answer is taken back. Idempotent.

    Raises:
        ReviewNotFound: there is no such review.
        InvalidInput: the text cannot be stored.
    """
    reply = plain_text(text or "", field="text")
    with transaction.atomic(using=DATABASE):
        reviews = ProductReview.objects.using(DATABASE).filter(id=review_id).select_related("product")
        review = reviews.select_for_update(no_key=True, of=("self",)).first()
        if review is None:
            raise ReviewNotFound("There is no such review.")
        review.shop_reply, review.replied_at = reply, clock.now() if reply else None
        review.save(using=DATABASE, update_fields=["shop_reply", "replied_at"])
        forget([page_of(review.product.slug)])
    return review


def locked(review_ids: Collection[UUID]) -> dict[UUID, ProductReview]:
    reviews = ProductReview.objects.using(DATABASE).filter(id__in=review_ids).order_by("id")
    return {review.id: review for review in reviews.select_for_update(no_key=True)}


def decide(reviews: Collection[ProductReview], **decision: Any) -> None:
    changing = ProductReview.objects.using(DATABASE).filter(id__in=[review.id for review in reviews])
    changing.update(moderated_at=clock.now(), **decision)


def announce_products_of(reviews: Collection[ProductReview]) -> None:
    if reviews:
        announce_products(product_ids={review.product_id for review in reviews})


def changes(reviews: Collection[UUID], changed: Collection[ProductReview]) -> dict[UUID, bool]:
    ids = {review.id for review in changed}
    return {review_id: review_id in ids for review_id in reviews}
