from django.db import models

from apps.core.models import Identified, Timestamped


class Category(Identified, Timestamped):
    """
    A shelf of the shop; shelves form trees.

    Source: rule category_tree_has_no_cycle.
    """

    name = models.CharField(max_length=255)
    slug = models.CharField(max_length=255)
    description = models.TextField(null=True, blank=True)
    # The founding design keeps a parent as long as it has children: no cascade.
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        related_name="children",
        null=True,
        blank=True,
        db_constraint=False,
        db_index=False,
    )
    image_url = models.CharField(max_length=500, null=True, blank=True)
    is_active = models.BooleanField(default=True, db_default=True)
    sort_order = models.IntegerField(default=0, db_default=0)
    seo_title = models.CharField(max_length=255, null=True, blank=True)
    seo_description = models.TextField(null=True, blank=True)

    class Meta:
        db_table = "categories"
        ordering = ["sort_order", "name"]
        verbose_name_plural = "categories"
        constraints = [models.UniqueConstraint(fields=["slug"], name="categories_slug_key")]
        indexes = [models.Index(fields=["parent"], name="idx_categories_parent")]

    def __str__(self) -> str:
        return self.name
