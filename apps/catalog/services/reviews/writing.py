"""What a customer says of a product: once, changed as often as they like, and seen by others when it is approved."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction

from apps.catalog.contracts import ReviewApproved, ReviewSubmitted
from apps.catalog.models import ProductPurchase, ProductReview
from apps.catalog.selectors import ProductNotFound, ReviewNotFound
from apps.catalog.services.announcements import announce_products
from apps.catalog.statements import DATABASE, SQL
from apps.core import clock
from apps.core.exceptions import DomainError, InvalidInput
from apps.core.integrity import translated
from apps.sagas.outbox import publish

from .text import plain_line, plain_text


class AlreadyReviewed(DomainError):
    """The customer has reviewed this product; a review can be changed."""

    code = "already_reviewed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewText:
    """What a review says: `rating` from 1 to 5; the texts as they were typed, `None` or empty for none."""

    rating: int
    title: str | None = None
    content: str | None = None
    display_name: str | None = None


def write_review(*, product_id: UUID, user_id: UUID, text: ReviewText) -> ProductReview:
    """
    Take a customer's review of a product; it waits for the shop.

    It is verified when the customer bought the product, and then approved at once where REVIEWS_APPROVE_VERIFIED says
    so. Markup is taken out of its texts.

    Raises:
        AlreadyReviewed: there is one of theirs; nothing is changed.
        InvalidInput: a text cannot be stored, or the name shown looks like an e-mail address.
        ProductNotFound: the product is gone.
    """
    columns = columns_of(text)
    broken = {
        "one_review_per_customer": lambda: AlreadyReviewed("You have reviewed this product; change that review."),
        "product_reviews_product_id_fkey": lambda: ProductNotFound("The product is gone."),
    }
    with translated(broken), transaction.atomic(using=DATABASE):
        lock_customers([user_id])
        review = ProductReview(product_id=product_id, user_id=user_id, **columns)
        review.is_verified_purchase = has_bought(user_id, product_id)
        submit(review)
        review.save(using=DATABASE, force_insert=True)
        announce_submission(review, was_approved=False)
    return review


def change_review(*, product_id: UUID, user_id: UUID, text: ReviewText) -> ProductReview:
    """
    Change a customer's review; it waits for the shop anew, unless it says what it said. Idempotent.

    Raises:
        ReviewNotFound: the customer has none of this product.
        InvalidInput: as `write_review`.
    """
    columns = columns_of(text)
    with transaction.atomic(using=DATABASE):
        lock_customers([user_id])
        review = own_review(product_id, user_id)
        was_approved = review.is_approved
        if any(getattr(review, name) != value for name, value in columns.items()):
            for name, value in columns.items():
                setattr(review, name, value)
            submit(review)
            review.save(using=DATABASE, update_fields=[*columns, *DECISION])
            announce_submission(review, was_approved=was_approved)
    return review


def delete_review(*, product_id: UUID, user_id: UUID) -> None:
    """
    Take a customer's review away, with its votes and the shop's reply.

    Raises:
        ReviewNotFound: the customer has none of this product.
    """
    with transaction.atomic(using=DATABASE):
        review = own_review(product_id, user_id)
        ProductReview.objects.using(DATABASE).filter(id=review.id).delete()
        if review.is_approved:
            announce_products(product_ids=[product_id])


DECISION = ("is_approved", "rejection_reason", "moderated_at", "moderated_by")


def columns_of(text: ReviewText) -> dict[str, int | str | None]:
    name = plain_line(text.display_name or "", field="display_name")
    if name and "@" in name:
        wrong = {"display_name": ["Everybody sees this name; do not give an e-mail address."]}
        raise InvalidInput("The name cannot be shown.", errors=wrong)
    return {
        "rating": text.rating,
        "title": plain_line(text.title or "", field="title"),
        "content": plain_text(text.content or "", field="content"),
        "display_name": name,
    }


def lock_customers(user_ids: Collection[UUID]) -> None:
    """Let a customer's review and the news of their purchase wait for each other: else each would miss the other."""
    SQL.rows("lock_customers", users=list(user_ids))


def has_bought(user_id: UUID, product_id: UUID) -> bool:
    bought = ProductPurchase.objects.using(DATABASE).filter(user_id=user_id, product_id=product_id)
    return bought.filter(returned_at=None).exists()


def own_review(product_id: UUID, user_id: UUID) -> ProductReview:
    reviews = ProductReview.objects.using(DATABASE).select_for_update(no_key=True)
    review = reviews.filter(product_id=product_id, user_id=user_id).first()
    if review is None:
        raise ReviewNotFound("You have not reviewed this product.")
    return review


def submit(review: ProductReview) -> None:
    """Let a review wait, or approve it where the shop trusts those who bought; what it rejected it reads again."""
    trusted = review.is_verified_purchase and settings.REVIEWS_APPROVE_VERIFIED
    review.is_approved = trusted and review.rejection_reason is None
    review.moderated_at = clock.now() if review.is_approved else None
    review.moderated_by = review.rejection_reason = None


def announce_submission(review: ProductReview, *, was_approved: bool) -> None:
    about: dict[str, Any] = {"review_id": review.id, "product_id": review.product_id, "rating": review.rating}
    submitted = ReviewSubmitted(**about, is_verified_purchase=review.is_verified_purchase)
    publish([submitted, *([ReviewApproved(**about)] if review.is_approved else [])], using=DATABASE)
    if was_approved or review.is_approved:
        announce_products(product_ids=[review.product_id])
