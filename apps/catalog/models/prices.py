from django.contrib.postgres.functions import TransactionNow
from django.db import models

from apps.core.models import DatabaseTimeField, Identified


class PriceChange(Identified):
    """
    Prices that were changed together, and can be put back together; its id rises with time.

    `undone_at` is when putting them back began: each item says what became of it.
    """

    class Source(models.TextChoices):
        API = "api"
        CSV = "csv"
        BACK_OFFICE = "back office"

    actor_id = models.UUIDField(null=True, blank=True, help_text="the user who changed them")
    source = models.CharField(max_length=20, choices=Source.choices)
    note = models.TextField(null=True, blank=True)
    items_count = models.IntegerField(default=0, db_default=0, help_text="variants whose price changed")
    made_at = DatabaseTimeField(db_default=TransactionNow(), editable=False)
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.UUIDField(null=True, blank=True, help_text="the user who put them back")

    class Meta:
        db_table = "price_changes"

    def __str__(self) -> str:
        return f"{self.items_count} prices by {self.source}"


class PriceChangeItem(models.Model):
    """
    One variant's prices before and after, in settings.SHOP_CURRENCY.

    `is_restored` is empty until the change is undone; then it tells whether the old prices stand again, or were left
    because somebody had changed them since. The variant may be gone.
    """

    pk = models.CompositePrimaryKey("change_id", "variant_id")
    change = models.ForeignKey(
        PriceChange, on_delete=models.CASCADE, related_name="items", db_constraint=False, db_index=False
    )
    variant_id = models.UUIDField()
    old_price = models.DecimalField(max_digits=10, decimal_places=2)
    new_price = models.DecimalField(max_digits=10, decimal_places=2)
    old_compare_price = models.DecimalField(max_digits=10, decimal_places=2, null=True, blank=True)
    new_compare_price = models.DecimalField(max_digits=10, decimal_places=2, null=True, blank=True)
    is_restored = models.BooleanField(null=True, blank=True)

    class Meta:
        db_table = "price_change_items"

    def __str__(self) -> str:
        return f"{self.variant_id}: {self.old_price} to {self.new_price}"
