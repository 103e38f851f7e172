"""What the catalogue answers under /api/v1/."""

from django.urls import URLPattern, URLResolver, path

from . import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("products/", views.ProductList.as_view(), name="products"),
    path("products/<str:slug>/", views.ProductDetail.as_view(), name="product"),
    path("products/<str:slug>/stock/", views.ProductStock.as_view(), name="product_stock"),
    path("categories/", views.CategoryTree.as_view(), name="categories"),
]
