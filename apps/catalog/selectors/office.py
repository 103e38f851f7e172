"""What the shop's own people want to know of the catalogue."""

from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, F, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from apps.catalog.models import Category, CategoryAncestor, Product

NAMES = ArraySubquery(
    CategoryAncestor.objects.filter(category=OuterRef("pk")).order_by("-distance").values("ancestor__name")
)
CHILDREN = Category.objects.filter(parent=OuterRef("pk")).order_by().values("parent")
# A query of its own for each row shown: joined and grouped, every row would be counted to show a hundred.
COUNT = Coalesce(Subquery(CHILDREN.annotate(n=Count("pk")).values("n"), output_field=IntegerField()), 0)


def list_low_stock(*, limit: int) -> list[Product]:
    """
    Return active products whose pieces for sale are at most their `low_stock_threshold`, the scarcest first.

    With id, name, sku, inventory_quantity and low_stock_threshold alone; products that nobody counts are left out.
    """
    low = Product.objects.using("catalog").filter(
        is_active=True, track_inventory=True, inventory_quantity__lte=F("low_stock_threshold")
    )
    fields = ("id", "name", "sku", "inventory_quantity", "low_stock_threshold")
    return list(low.only(*fields).order_by("inventory_quantity", "name")[:limit])


def list_shelves() -> QuerySet[Category]:
    """Return every category, active or not, each with its `path_names` from the root and its `children_count`."""
    return Category.objects.using("catalog").annotate(path_names=NAMES, children_count=COUNT)


def stands_below(*, category_id: UUID, ancestor_id: UUID) -> bool:
    """Tell whether a category is another or stands anywhere below it."""
    return CategoryAncestor.objects.using("catalog").filter(ancestor=ancestor_id, category=category_id).exists()
