from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Func, Q, Value
from django.db.models.functions import Lower, Upper

from apps.core.models import Created, Identified, Timestamped

from .categories import Category
from .kept import KeepsColumns

# An SKU as one word, without what parts it: TN-2110 as tn2110.
JOINED = Func(Lower("sku"), Value("-._/ "), Value(""), function="translate")


class Product(KeepsColumns, Identified, Timestamped):
    """
    What the shop shows; what it sells are its variants, of which it always has one.

    Prices are in settings.SHOP_CURRENCY, `weight` is in grams. `images` is a list of {"url", "alt"} in display order,
    `options` a list of {"name", "values"}, at most three, in the order of the variants' option1 to option3.
    Customers see a product that is active, from `published_at` on and until `unpublished_at`.

    Kept by the database: `search_vector`, and `inventory_quantity`, `variants_count` and `in_stock`
    (rule product_totals_follow_variants), `rating_average` and `rating_count` (rule product_rating_follows_reviews).
    Counted by beat: `popularity_score` and `search_tier`, which leave `updated_at` alone (rule
    counts_are_no_change).
    """

    kept_columns = frozenset(
        (
            "inventory_quantity",
            "variants_count",
            "in_stock",
            "announced_in_stock",
            "popularity_score",
            "rating_average",
            "rating_count",
            "search_vector",
            "search_tier",
            "created_at",
            "updated_at",
        )
    )

    name = models.CharField(max_length=255)
    slug = models.CharField(max_length=255)
    description = models.TextField(null=True, blank=True)
    short_description = models.TextField(null=True, blank=True)
    sku = models.CharField(max_length=100)
    barcode = models.CharField(max_length=100, null=True, blank=True)
    price = models.DecimalField(max_digits=10, decimal_places=2)
    compare_price = models.DecimalField(max_digits=10, decimal_places=2, null=True, blank=True)
    cost_price = models.DecimalField(max_digits=10, decimal_places=2, null=True, blank=True)
    track_inventory = models.BooleanField(default=True, db_default=True)
    inventory_quantity = models.IntegerField(default=0, db_default=0, editable=False)
    low_stock_threshold = models.IntegerField(default=5, db_default=5)
    weight = models.DecimalField(max_digits=8, decimal_places=2, null=True, blank=True)
    dimensions = models.JSONField(null=True, blank=True, help_text='{"length", "width", "height", "unit"}')
    is_active = models.BooleanField(default=True, db_default=True)
    is_featured = models.BooleanField(default=False, db_default=False)
    is_digital = models.BooleanField(default=False, db_default=False)
    requires_shipping = models.BooleanField(default=True, db_default=True)
    taxable = models.BooleanField(default=True, db_default=True)
    vendor = models.CharField(max_length=255, null=True, blank=True)
    product_type = models.CharField(max_length=100, null=True, blank=True)
    tags = ArrayField(models.TextField(), default=list, db_default=[], blank=True)
    images = models.JSONField(default=list, db_default=[], blank=True)
    variants_count = models.IntegerField(default=0, db_default=0, editable=False)
    options = models.JSONField(default=list, db_default=[], blank=True)
    seo_title = models.CharField(max_length=255, null=True, blank=True)
    seo_description = models.TextField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    search_vector = SearchVectorField(null=True, editable=False)

    # Beyond the founding design.
    unpublished_at = models.DateTimeField(
        null=True, blank=True, help_text="when customers stop seeing it; empty for never"
    )
    is_gift_card = models.BooleanField(default=False, db_default=False, help_text="a voucher: nothing is shipped")
    search_language = models.CharField(
        max_length=63, default="english", db_default="english", help_text="a text search configuration of PostgreSQL"
    )
    # 0 for the most popular: where a search looks first.
    search_tier = models.SmallIntegerField(default=1, db_default=1, editable=False)
    in_stock = models.BooleanField(default=False, db_default=False, editable=False)
    announced_in_stock = models.BooleanField(
        default=False, db_default=False, editable=False, help_text="the last `in_stock` that was told to the world"
    )
    # A logarithm, not a number of pieces: selectors/popularity.py.
    popularity_score = models.FloatField(default=0, db_default=0, editable=False)
    rating_average = models.DecimalField(max_digits=3, decimal_places=2, default=0, db_default=0, editable=False)
    rating_count = models.IntegerField(default=0, db_default=0, editable=False)
    metadata = models.JSONField(default=dict, db_default={}, blank=True, help_text="what imports must give back")

    categories = models.ManyToManyField(Category, through="ProductCategory", related_name="products")

    class Meta:
        db_table = "products"
        constraints = [
            models.UniqueConstraint(fields=["slug"], name="products_slug_key"),
            models.UniqueConstraint(fields=["sku"], name="products_sku_key"),
            models.CheckConstraint(
                condition=Q(price__gte=0)
                & (Q(compare_price__isnull=True) | Q(compare_price__gte=0))
                & (Q(cost_price__isnull=True) | Q(cost_price__gte=0)),
                name="product_prices_are_not_negative",
            ),
        ]
        # No index names a quantity or `in_stock`: a sale stays a heap-only update.
        indexes = [
            GinIndex(fields=["search_vector"], name="idx_products_search"),
            GinIndex(
                fields=["search_vector"],
                condition=Q(is_active=True, search_tier=0),
                fastupdate=False,
                name="idx_products_search_popular",
            ),
            GinIndex(
                OpClass(JOINED, "gin_trgm_ops"),
                name="idx_products_sku_like",
            ),
            models.Index(fields=["slug"], name="idx_products_slug"),
            models.Index(fields=["sku"], name="idx_products_sku"),
            GinIndex(fields=["tags"], name="idx_products_tags"),
            models.Index(fields=["is_active"], condition=Q(is_active=True), name="idx_products_active"),
            models.Index(fields=["is_featured"], condition=Q(is_featured=True), name="idx_products_featured"),
            models.Index(fields=["created_at", "id"], condition=Q(is_active=True), name="idx_products_created"),
            models.Index(fields=["price", "id"], condition=Q(is_active=True), name="idx_products_price"),
            models.Index(fields=["name", "id"], condition=Q(is_active=True), name="idx_products_name"),
            models.Index(
                fields=["popularity_score", "id"], condition=Q(is_active=True), name="idx_products_popularity"
            ),
            models.Index(
                fields=["rating_average", "rating_count", "id"], condition=Q(is_active=True), name="idx_products_rating"
            ),
            models.Index(fields=["vendor"], name="idx_products_vendor"),
            models.Index(fields=["published_at"], condition=Q(is_active=True), name="idx_products_published"),
            models.Index(
                fields=["unpublished_at"],
                condition=Q(is_active=True, unpublished_at__isnull=False),
                name="idx_products_unpublished",
            ),
            # A part of a vendor's name, as Django asks for it whatever its case.
            GinIndex(OpClass(Upper("vendor"), "gin_trgm_ops"), name="idx_products_vendor_like"),
            models.Index(fields=["product_type"], name="idx_products_type"),
            GinIndex(OpClass("options", "jsonb_path_ops"), name="idx_products_options"),
        ]

    def __str__(self) -> str:
        return self.name


class ProductCategory(Created):
    """A product stands on a shelf."""

    pk = models.CompositePrimaryKey("product_id", "category_id")
    product = models.ForeignKey(Product, on_delete=models.CASCADE, db_constraint=False, db_index=False)
    category = models.ForeignKey(Category, on_delete=models.CASCADE, db_constraint=False, db_index=False)

    class Meta:
        db_table = "product_categories"
        indexes = [models.Index(fields=["category"], name="idx_products_category")]

    def __str__(self) -> str:
        return f"{self.product_id} in {self.category_id}"
