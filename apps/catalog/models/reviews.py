from django.db import models
from django.db.models import Q

from apps.core.models import Created, Identified, Timestamped

from .products import Product

APPROVED = Q(is_approved=True)


class ProductReview(Identified, Timestamped):
    """
    What a customer says of a product; others see it once it is approved.

    It waits until it is approved, or rejected for a reason; who changes it lets it wait anew. `helpful_count` counts
    its votes, by trigger.
    """

    class State(models.TextChoices):
        PENDING = "pending"
        APPROVED = "approved"
        REJECTED = "rejected"

    product = models.ForeignKey(
        Product, on_delete=models.CASCADE, related_name="reviews", db_constraint=False, db_index=False
    )
    user_id = models.UUIDField(help_text="a user of accounts")
    display_name = models.CharField(
        max_length=50, null=True, blank=True, help_text="as whom the customer wants to be shown"
    )
    rating = models.IntegerField()
    title = models.CharField(max_length=255, null=True, blank=True)
    content = models.TextField(null=True, blank=True)
    is_verified_purchase = models.BooleanField(default=False, db_default=False)
    is_approved = models.BooleanField(default=False, db_default=False)
    helpful_count = models.IntegerField(default=0, db_default=0)

    rejection_reason = models.CharField(max_length=500, null=True, blank=True)
    moderated_at = models.DateTimeField(null=True, blank=True)
    moderated_by = models.UUIDField(null=True, blank=True, help_text="empty where the shop's setting approved it")
    shop_reply = models.TextField(null=True, blank=True)
    replied_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "product_reviews"
        constraints = [
            models.CheckConstraint(condition=Q(rating__gte=1, rating__lte=5), name="product_reviews_rating_check"),
            models.UniqueConstraint(fields=["product", "user_id"], name="one_review_per_customer"),
        ]
        indexes = [
            models.Index(fields=["product"], name="idx_product_reviews_product"),
            models.Index(fields=["user_id"], name="idx_product_reviews_user"),
            *(
                models.Index(fields=["product", column, "id"], name=f"idx_product_reviews_{name}", condition=APPROVED)
                for name, column in (("newest", "created_at"), ("helpful", "helpful_count"), ("rating", "rating"))
            ),
            models.Index(
                fields=["created_at", "id"], name="idx_product_reviews_waiting", condition=Q(is_approved=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rating} of 5: {self.title}"

    @property
    def state(self) -> State:
        if self.is_approved:
            return self.State.APPROVED
        return self.State.PENDING if self.rejection_reason is None else self.State.REJECTED


class ReviewVote(Identified, Created):
    """One customer found one review helpful."""

    review = models.ForeignKey(
        ProductReview, on_delete=models.DO_NOTHING, related_name="votes", db_constraint=False, db_index=False
    )
    user_id = models.UUIDField()

    class Meta:
        db_table = "review_votes"
        constraints = [models.UniqueConstraint(fields=["review", "user_id"], name="one_vote_per_customer")]


class ProductPurchase(Identified):
    """A customer bought a product with an order; `returned_at` says since when all of it is back."""

    user_id = models.UUIDField()
    product = models.ForeignKey(
        Product, on_delete=models.DO_NOTHING, related_name="purchases", db_constraint=False, db_index=False
    )
    order_id = models.UUIDField()
    at = models.DateTimeField()
    returned_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "product_purchases"
        constraints = [
            models.UniqueConstraint(fields=["user_id", "product", "order_id"], name="purchase_is_noted_once")
        ]
        indexes = [models.Index(fields=["product"], name="idx_product_purchases_product")]
