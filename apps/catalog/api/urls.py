"""What the catalogue answers under /api/v1/."""

from django.urls import URLPattern, URLResolver, include, path

from . import categories, markets, reviews, suggesting, views

urlpatterns: list[URLPattern | URLResolver] = [
    path("products/", views.ProductList.as_view(), name="products"),
    # Before the pages of products: one with the slug `suggest` would have no page.
    path("products/suggest/", suggesting.ProductSuggestions.as_view(), name="product_suggestions"),
    path("products/<str:slug>/", views.ProductDetail.as_view(), name="product"),
    path("products/<str:slug>/stock/", views.ProductStock.as_view(), name="product_stock"),
    path("markets/", markets.Markets.as_view(), name="markets"),
    path("products/<str:slug>/reviews/", reviews.ProductReviews.as_view(), name="product_reviews"),
    path("products/<str:slug>/reviews/mine/", reviews.OwnReview.as_view(), name="own_review"),
    path("reviews/<uuid:review_id>/vote/", reviews.HelpfulVote.as_view(), name="review_vote"),
    path("categories/", categories.CategoryTree.as_view(), name="categories"),
    path("categories/<str:slug>/", categories.CategoryDetail.as_view(), name="category"),
    path("staff/", include("apps.catalog.api.staff.urls")),
]
