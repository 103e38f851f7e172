"""Reviews, to be shown or not."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from apps.catalog import services
from apps.catalog.models import ProductReview
from apps.core.admin import OfficeAdmin, ReadOnlyAdmin, among, named


@admin.register(ProductReview)
class ProductReviewAdmin(ReadOnlyAdmin):
    """What a buyer wrote is not rewritten: a review is approved, hidden or deleted."""

    list_display = ["product", "stars", "title", "is_approved", "is_verified_purchase", "created_at"]
    list_filter = ["is_approved", among("rating", range(1, 6)), "is_verified_purchase", "created_at"]
    list_select_related = ["product"]
    search_fields = ["product__name", "title", "content"]
    search_help_text = "a product, or words of the review"
    ordering = ["-created_at", "-id"]
    actions = ["approve", "hide"]
    fields = ["product", "customer", "stars", "title", "content", ("is_verified_purchase", "is_approved"), "created_at"]
    customer = named("user_id", description="customer")

    @admin.display(description="rating", ordering="rating")
    def stars(self, review: ProductReview) -> str:
        return "★" * review.rating + "☆" * (5 - review.rating)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return OfficeAdmin.has_delete_permission(self, request, obj)

    def has_approve_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("catalog.change_productreview"))

    @admin.action(description="Approve the selected reviews", permissions=["approve"])
    def approve(self, request: HttpRequest, queryset: QuerySet[ProductReview]) -> None:
        changed = services.approve_reviews(review_ids=list(queryset.values_list("id", flat=True)))
        self.message_user(request, f"Approved: {changed}.")

    @admin.action(description="Hide the selected reviews", permissions=["approve"])
    def hide(self, request: HttpRequest, queryset: QuerySet[ProductReview]) -> None:
        changed = services.approve_reviews(review_ids=list(queryset.values_list("id", flat=True)), approved=False)
        self.message_user(request, f"Hidden: {changed}.")

    def delete_model(self, request: HttpRequest, obj: ProductReview) -> None:
        super().delete_model(request, obj)
        services.announce_products(product_ids=[obj.product_id])

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[ProductReview]) -> None:
        products = set(queryset.values_list("product_id", flat=True))
        super().delete_queryset(request, queryset)
        services.announce_products(product_ids=products)
