from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper

from apps.core.models import Identified, Timestamped

from .kept import KeepsColumns
from .products import Product


class ProductVariant(KeepsColumns, Identified, Timestamped):
    """
    One thing that can be bought. Price in settings.SHOP_CURRENCY, `weight` in grams, quantities in pieces.

    Quantities change through the services of stock only; the first quantity of a new row becomes its first movement by
    itself (rule initial_stock_is_a_movement).
    """

    kept_columns = frozenset(("inventory_quantity", "reserved_quantity", "is_located", "created_at", "updated_at"))

    product = models.ForeignKey(
        Product, on_delete=models.CASCADE, related_name="variants", db_constraint=False, db_index=False
    )
    title = models.CharField(max_length=255)
    sku = models.CharField(max_length=100)
    barcode = models.CharField(max_length=100, null=True, blank=True)
    price = models.DecimalField(max_digits=10, decimal_places=2)
    compare_price = models.DecimalField(max_digits=10, decimal_places=2, null=True, blank=True)
    cost_price = models.DecimalField(max_digits=10, decimal_places=2, null=True, blank=True)
    inventory_quantity = models.IntegerField(default=0, db_default=0, help_text="what can be sold")
    weight = models.DecimalField(max_digits=8, decimal_places=2, null=True, blank=True)
    option1 = models.CharField(max_length=255, null=True, blank=True)
    option2 = models.CharField(max_length=255, null=True, blank=True)
    option3 = models.CharField(max_length=255, null=True, blank=True)
    image_url = models.CharField(max_length=500, null=True, blank=True)
    position = models.IntegerField(default=0, db_default=0)
    is_active = models.BooleanField(default=True, db_default=True)

    # Beyond the founding design.
    reserved_quantity = models.IntegerField(
        default=0, db_default=0, editable=False, help_text="what orders under way hold"
    )
    allow_backorder = models.BooleanField(default=False, db_default=False, help_text="sells below zero")
    requires_shipping = models.BooleanField(default=True, db_default=True)
    taxable = models.BooleanField(default=True, db_default=True)
    weight_unit = models.CharField(
        max_length=10, default="g", db_default="g", help_text="the unit people see; `weight` is in grams all the same"
    )
    metadata = models.JSONField(default=dict, db_default={}, blank=True, help_text="what imports must give back")

    is_located = models.BooleanField(
        default=False, db_default=False, editable=False, help_text="whether its stock is kept place by place"
    )

    class Meta:
        db_table = "product_variants"
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["sku"], name="product_variants_sku_key"),
            # Also the index by which a product finds its variants.
            models.UniqueConstraint(
                fields=["product", "option1", "option2", "option3"],
                nulls_distinct=False,
                name="variant_options_are_unique",
            ),
            models.CheckConstraint(
                condition=Q(inventory_quantity__gte=0) | Q(allow_backorder=True), name="inventory_is_never_oversold"
            ),
            models.CheckConstraint(condition=Q(reserved_quantity__gte=0), name="reserved_is_never_negative"),
            models.CheckConstraint(
                condition=Q(price__gte=0)
                & (Q(compare_price__isnull=True) | Q(compare_price__gte=0))
                & (Q(cost_price__isnull=True) | Q(cost_price__gte=0)),
                name="variant_prices_are_not_negative",
            ),
        ]
        indexes = [
            models.Index(fields=["sku"], name="idx_product_variants_sku"),
            # As somebody types it who looks for it.
            models.Index(Upper("sku"), name="idx_variants_sku_in_any_case"),
        ]

    def __str__(self) -> str:
        return f"{self.sku} {self.title}"
