"""Who found a review helpful."""

from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from apps.catalog.models import ProductReview, ReviewVote
from apps.catalog.selectors import ReviewNotFound
from apps.catalog.statements import DATABASE
from apps.core.exceptions import DomainError
from apps.core.integrity import translated


class OwnReview(DomainError):
    """Nobody votes for a review of their own."""

    code = "own_review"


def vote_helpful(*, review_id: UUID, user_id: UUID) -> int:
    """
    Count a customer among those who found an approved review helpful, once. Idempotent.

    Locks the review, not its product.

    Returns:
        How many they are now.

    Raises:
        ReviewNotFound: no approved review has this id.
        OwnReview: the customer wrote it.

    Source: rule review_helpful_count_follows_votes.
    """
    gone = {"review_votes_review_id_fkey": no_such_review}
    with translated(gone), transaction.atomic(using=DATABASE):
        author = approved(review_id).values_list("user_id", flat=True).first()
        if author is None:
            raise no_such_review()
        if author == user_id:
            raise OwnReview("This review is your own.")
        vote = ReviewVote(review_id=review_id, user_id=user_id)
        ReviewVote.objects.using(DATABASE).bulk_create([vote], ignore_conflicts=True)
        return count(review_id)


def take_back_vote(*, review_id: UUID, user_id: UUID) -> int:
    """
    Count a customer no more among those who found an approved review helpful. Idempotent.

    Returns:
        How many they are now.

    Raises:
        ReviewNotFound: no approved review has this id.
    """
    with transaction.atomic(using=DATABASE):
        ReviewVote.objects.using(DATABASE).filter(review_id=review_id, user_id=user_id).delete()
        return count(review_id)


def approved(review_id: UUID) -> QuerySet[ProductReview]:
    return ProductReview.objects.using(DATABASE).filter(id=review_id, is_approved=True)


def count(review_id: UUID) -> int:
    counted: int | None = approved(review_id).values_list("helpful_count", flat=True).first()
    if counted is None:
        raise no_such_review()
    return counted


def no_such_review() -> ReviewNotFound:
    return ReviewNotFound("There is no such review.")
