"""Who changed what of products and variants."""

from django.db import models
from django.db.models import Q

from apps.core.models import Created


class ProductChange(Created):
    """
    One change of a product, or of a variant of it; never changed itself, and kept when the product is deleted.

    `changes` maps each field to what it was and what it became; money is a decimal string in settings.SHOP_CURRENCY.
    Of what was added it holds what it is, of what was deleted what it was. Written by the database alone.

    Source: rule product_changes_are_recorded.
    """

    class Action(models.TextChoices):
        ADDED = "added"
        CHANGED = "changed"
        DELETED = "deleted"

    id = models.BigAutoField(primary_key=True)
    product_id = models.UUIDField()
    variant_id = models.UUIDField(null=True, help_text="none where the product itself changed")
    action = models.CharField(max_length=20, choices=Action.choices)
    changes = models.JSONField()
    actor_id = models.UUIDField(null=True, help_text="the user who did it")
    source = models.CharField(max_length=50, help_text="by what way: admin, api, import, bulk; sql where nobody said")

    class Meta:
        db_table = "product_changes"
        constraints = [
            models.CheckConstraint(
                condition=Q(action__in=["added", "changed", "deleted"]), name="product_change_action_is_known"
            )
        ]
        indexes = [models.Index(fields=["product_id", "id"], name="idx_product_changes_product")]

    def __str__(self) -> str:
        return f"{self.action} by {self.source}: {', '.join(self.changes)}"
