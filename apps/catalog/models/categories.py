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

    # Beyond the founding design: which category of which published taxonomy it is, and what that calls it and puts it
    # under. Where `name` and `parent` say otherwise, the shop's own people changed them.
    taxonomy = models.CharField(max_length=50, null=True, blank=True, editable=False)
    taxonomy_id = models.CharField(max_length=100, null=True, blank=True, editable=False)
    taxonomy_name = models.CharField(max_length=255, null=True, blank=True, editable=False)
    taxonomy_parent_id = models.CharField(max_length=100, null=True, blank=True, editable=False)

    class Meta:
        db_table = "categories"
        ordering = ["sort_order", "name"]
        verbose_name_plural = "categories"
        constraints = [
            models.UniqueConstraint(fields=["slug"], name="categories_slug_key"),
            models.UniqueConstraint(fields=["taxonomy", "taxonomy_id"], name="taxonomy_category_is_one_category"),
        ]
        indexes = [models.Index(fields=["parent"], name="idx_categories_parent")]

    def __str__(self) -> str:
        # The names from the root down to it, where a query brought them along (selectors.list_shelves).
        return " > ".join(self.__dict__.get("path_names", ())) or self.name


class CategoryAncestor(models.Model):
    """
    A category stands below another, `distance` levels up, or is that one itself, at distance 0.

    Written by the database alone. `is_shown` tells whether customers see the category: it and all above it are active.

    Source: rule category_tree_keeps_its_ancestors.
    """

    pk = models.CompositePrimaryKey("ancestor_id", "category_id")
    ancestor = models.ForeignKey(
        Category, on_delete=models.DO_NOTHING, related_name="below", db_constraint=False, db_index=False
    )
    category = models.ForeignKey(
        Category, on_delete=models.DO_NOTHING, related_name="above", db_constraint=False, db_index=False
    )
    distance = models.SmallIntegerField()
    is_shown = models.BooleanField()

    class Meta:
        db_table = "category_ancestors"
        indexes = [models.Index(fields=["category"], name="idx_category_ancestors_category")]

    def __str__(self) -> str:
        return f"{self.category_id} in {self.ancestor_id}"
