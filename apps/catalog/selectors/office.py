"""What the shop's own people want to know of the catalogue."""

from typing import NamedTuple
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from apps.catalog.models import Category, CategoryAncestor, ProductVariant
from apps.catalog.wording import full_title

from .selling import LOW


class LowStock(NamedTuple):
    """A variant that runs out; quantities in pieces."""

    variant_id: UUID
    title: str
    sku: str
    inventory_quantity: int
    low_stock_threshold: int


NAMES = ArraySubquery(
    CategoryAncestor.objects.filter(category=OuterRef("pk")).order_by("-distance").values("ancestor__name")
)
CHILDREN = Category.objects.filter(parent=OuterRef("pk")).order_by().values("parent")
# A query of its own for each row shown: joined and grouped, every row would be counted to show a hundred.
COUNT = Coalesce(Subquery(CHILDREN.annotate(n=Count("pk")).values("n"), output_field=IntegerField()), 0)


def list_low_stock(*, limit: int) -> list[LowStock]:
    """
    Return active variants of active products of which no more can be sold than the product's `low_stock_threshold`,
    the scarcest first; variants that nobody counts are left out.
    """
    low = ProductVariant.objects.using("catalog").filter(LOW, is_active=True, product__is_active=True)
    return [
        LowStock(
            variant_id=variant.id,
            title=full_title(variant.product.name, variant.title),
            sku=variant.sku,
            inventory_quantity=variant.inventory_quantity,
            low_stock_threshold=variant.product.low_stock_threshold,
        )
        for variant in low.select_related("product").order_by("inventory_quantity", "sku")[:limit]
    ]


def list_shelves() -> QuerySet[Category]:
    """Return every category, active or not, each with its `path_names` from the root and its `children_count`."""
    return Category.objects.using("catalog").annotate(path_names=NAMES, children_count=COUNT)


def stands_below(*, category_id: UUID, ancestor_id: UUID) -> bool:
    """Tell whether a category is another or stands anywhere below it."""
    return CategoryAncestor.objects.using("catalog").filter(ancestor=ancestor_id, category=category_id).exists()
