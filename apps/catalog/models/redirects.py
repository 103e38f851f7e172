"""Addresses that led somewhere once, and lead on."""

from django.db import models

from apps.core.models import Created

from .categories import Category
from .products import Product


class ProductSlugRedirect(Created):
    """
    A former slug of a product, which leads to the product, so to its newest slug, however often it was renamed.

    Written by the database alone; gone when a product takes the slug.

    Source: rule former_slug_leads_to_its_product.
    """

    slug = models.CharField(max_length=255, primary_key=True)
    product = models.ForeignKey(
        Product, on_delete=models.DO_NOTHING, related_name="former_slugs", db_constraint=False, db_index=False
    )

    class Meta:
        db_table = "product_slug_redirects"
        indexes = [models.Index(fields=["product"], name="idx_product_slug_redirects_of")]


class CategorySlugRedirect(Created):
    """
    A former slug of a category; that of a deleted one leads to what stood above it.

    Source: rule former_slug_leads_to_its_category.
    """

    slug = models.CharField(max_length=255, primary_key=True)
    category = models.ForeignKey(
        Category, on_delete=models.DO_NOTHING, related_name="former_slugs", db_constraint=False, db_index=False
    )

    class Meta:
        db_table = "category_slug_redirects"
        indexes = [models.Index(fields=["category"], name="idx_category_slug_redirects_of")]
