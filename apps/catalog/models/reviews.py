from django.db import models
from django.db.models import Q

from apps.core.models import Identified, Timestamped

from .products import Product


class ProductReview(Identified, Timestamped):
    """What a buyer says of a product; others see it once it is approved."""

    product = models.ForeignKey(
        Product, on_delete=models.CASCADE, related_name="reviews", db_constraint=False, db_index=False
    )
    user_id = models.UUIDField(help_text="a user of accounts")
    rating = models.IntegerField()
    title = models.CharField(max_length=255, null=True, blank=True)
    content = models.TextField(null=True, blank=True)
    is_verified_purchase = models.BooleanField(default=False, db_default=False)
    is_approved = models.BooleanField(default=False, db_default=False)
    helpful_count = models.IntegerField(default=0, db_default=0)

    class Meta:
        db_table = "product_reviews"
        constraints = [
            models.CheckConstraint(condition=Q(rating__gte=1, rating__lte=5), name="product_reviews_rating_check")
        ]
        indexes = [
            models.Index(fields=["product"], name="idx_product_reviews_product"),
            models.Index(fields=["user_id"], name="idx_product_reviews_user"),
        ]

    def __str__(self) -> str:
        return f"{self.rating} of 5: {self.title}"
