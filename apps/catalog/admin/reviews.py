"""Reviews, to be shown or not."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from apps.catalog import services
from apps.catalog.models import ProductReview
from apps.core.admin import OfficeAdmin, named


@admin.register(ProductReview)
class ProductReviewAdmin(OfficeAdmin):
    """What a buyer wrote is not rewritten: a review is approved, hidden or deleted."""

    list_display = ["product", "stars", "title", "is_approved", "is_verified_purchase", "created_at"]
    list_filter = ["is_approved", "rating", "is_verified_purchase"]
    list_select_related = ["product"]
    search_fields = ["product__name", "title", "content"]
    search_help_text = "a product, or words of the review"
    ordering = ["-created_at", "-id"]
    actions = ["approve", "hide"]
    fields = ["product", "customer", "stars", "title", "content", ("is_verified_purchase", "is_approved"), "created_at"]
    customer = named("user_id", description="customer")
    readonly_fields = [
        *("product", "customer", "stars", "title", "content"),
        *("is_verified_purchase", "is_approved", "created_at"),
    ]

    @admin.display(description="rating", ordering="rating")
    def stars(self, review: ProductReview) -> str:
        return "★" * review.rating + "☆" * (5 - review.rating)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    @admin.action(description="Approve the selected reviews", permissions=["change"])
    def approve(self, request: HttpRequest, queryset: QuerySet[ProductReview]) -> None:
        changed = services.approve_reviews(review_ids=list(queryset.values_list("id", flat=True)))
        self.message_user(request, f"Approved: {changed}.")

    @admin.action(description="Hide the selected reviews", permissions=["change"])
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
