"""What customers say of products."""

from uuid import UUID

from django.db.models import Q, QuerySet

from apps.catalog.models import ProductReview
from apps.core.exceptions import NotFound

State = ProductReview.State
IN_STATE = {
    State.PENDING: Q(is_approved=False, rejection_reason=None),
    State.APPROVED: Q(is_approved=True),
    State.REJECTED: Q(is_approved=False, rejection_reason__isnull=False),
}


class ReviewNotFound(NotFound):
    """There is no such review, or none for who asks."""

    code = "review_not_found"


def list_reviews(*, product_id: UUID) -> QuerySet[ProductReview]:
    """Return the approved reviews of a product, in no order."""
    return ProductReview.objects.using("catalog").filter(product_id=product_id, is_approved=True)


def get_own_review(*, product_id: UUID, user_id: UUID) -> ProductReview:
    """
    Return what a customer said of a product, in whatever state it is.

    Raises:
        ReviewNotFound: the customer has not reviewed it.
    """
    review = ProductReview.objects.using("catalog").filter(product_id=product_id, user_id=user_id).first()
    if review is None:
        raise ReviewNotFound("You have not reviewed this product.")
    return review


def list_reviews_in_state(*, state: ProductReview.State | None) -> QuerySet[ProductReview]:
    """Return the reviews of all products in a state, or in any, with their products; in no order."""
    reviews = ProductReview.objects.using("catalog").select_related("product")
    return reviews if state is None else reviews.filter(IN_STATE[state])
