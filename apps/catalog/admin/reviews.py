"""Reviews, to be shown or not."""

from typing import Any
from uuid import UUID

from django.contrib import admin
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest

from apps.catalog import services
from apps.catalog.models import ProductReview
from apps.catalog.statements import DATABASE
from apps.core.admin import OfficeAdmin, ReadOnlyAdmin, among, named

# Who wants to give another reason uses the API.
REASON = "It does not follow the shop's rules for reviews."


@admin.register(ProductReview)
class ProductReviewAdmin(ReadOnlyAdmin):
    """What a buyer wrote is not rewritten: a review is approved, rejected or deleted."""

    list_display = ["product", "stars", "title", "is_approved", "is_verified_purchase", "created_at"]
    list_filter = ["is_approved", among("rating", range(1, 6)), "is_verified_purchase", "created_at"]
    list_select_related = ["product"]
    search_fields = ["product__name", "title", "content"]
    search_help_text = "a product, or words of the review"
    ordering = ["-created_at", "-id"]
    actions = ["approve", "reject"]
    fields = [
        ("product", "customer", "display_name"),
        "stars",
        "title",
        "content",
        ("is_verified_purchase", "helpful_count", "created_at"),
        ("state", "moderated_at", "moderator"),
        "rejection_reason",
        ("shop_reply", "replied_at"),
    ]
    customer = named("user_id", description="customer")
    moderator = named("moderated_by", "user", description="decided by")

    @admin.display(description="state")
    def state(self, review: ProductReview) -> str:
        return review.state.label

    @admin.display(description="rating", ordering="rating")
    def stars(self, review: ProductReview) -> str:
        return "★" * review.rating + "☆" * (5 - review.rating)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return OfficeAdmin.has_delete_permission(self, request, obj)

    def has_approve_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("catalog.change_productreview"))

    @admin.action(description="Approve the selected reviews", permissions=["approve"])
    def approve(self, request: HttpRequest, queryset: QuerySet[ProductReview]) -> None:
        changes = services.approve_reviews(review_ids=chosen(queryset), by=request.user.pk)
        self.message_user(request, f"Approved: {sum(changes.values())}.")

    @admin.action(description="Reject the selected reviews", permissions=["approve"])
    def reject(self, request: HttpRequest, queryset: QuerySet[ProductReview]) -> None:
        changes = services.reject_reviews(review_ids=chosen(queryset), reason=REASON, by=request.user.pk)
        self.message_user(request, f"Rejected: {sum(changes.values())}.")

    def delete_model(self, request: HttpRequest, obj: ProductReview) -> None:
        with transaction.atomic(using=DATABASE):
            super().delete_model(request, obj)
            services.announce_products(product_ids=[obj.product_id])

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[ProductReview]) -> None:
        with transaction.atomic(using=DATABASE):
            products = set(queryset.values_list("product_id", flat=True))
            super().delete_queryset(request, queryset)
            services.announce_products(product_ids=products)


def chosen(queryset: QuerySet[ProductReview]) -> list[UUID]:
    return list(queryset.values_list("id", flat=True))
