"""The tree of categories as customers see it: active ones, below none that is not."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, JSONObject

from apps.catalog.models import Category, CategoryAncestor, Product, ProductCategory
from apps.catalog.statements import SQL
from apps.core.exceptions import NotFound

from .rows import Rows

# Products of a category are counted exactly up to here, as the totals of lists are.
MOST_COUNTED = 10_000

ABOVE = CategoryAncestor.objects.filter(category=OuterRef("pk")).order_by("-distance")
# What stands above a category, the root first, and itself last.
PATH = ArraySubquery(ABOVE.values(step=JSONObject(id="ancestor_id", slug="ancestor__slug", name="ancestor__name")))
BELOW = CategoryAncestor.objects.filter(ancestor=OuterRef("pk"), distance=1, is_shown=True).order_by()
CHILDREN = Coalesce(
    Subquery(BELOW.values("ancestor").annotate(n=Count("category")).values("n"), output_field=IntegerField()), 0
)


class CategoryNotFound(NotFound):
    """No category that customers see has this address."""

    code = "category_not_found"


@dataclass(frozen=True, slots=True)
class Counted:
    """How many products stand in a category or below it: all of them, or MOST_COUNTED where there are more."""

    products: int
    is_exact: bool


def shown_categories() -> QuerySet[Category]:
    """Return the categories that customers see, in no order."""
    return Category.objects.using("catalog").filter(above__distance=0, above__is_shown=True)


def find_category(*, name: str) -> UUID:
    """
    Return the id of the category with this slug or id, or with this slug before it was renamed.

    Raises:
        CategoryNotFound: customers see none.
    """
    shown = shown_categories().values_list("id", flat=True)
    found = shown.filter(Q(slug=name) | Q(id=_id_of(name))).first() or shown.filter(former_slugs__slug=name).first()
    if found is None:
        raise CategoryNotFound("No category has this address.", slug=name)
    return found


def _id_of(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def in_category(products: QuerySet[Product], category: str) -> QuerySet[Product]:
    """
    Return those in a category, given by slug or id, or anywhere below it; none where customers see no such category.

    The category is looked up first, in a query of its own: PostgreSQL knows of each category how much stands below it,
    and so chooses between walking the list's order and gathering the products.

    Source: rule category_tree_keeps_its_ancestors; measured in docs/catalog.md.
    """
    try:
        return below_category(products, find_category(name=category))
    except CategoryNotFound:
        return products.none()


def below_category(products: QuerySet[Product], ancestor: UUID) -> QuerySet[Product]:
    """Return those in a category that was looked up, or anywhere below it; as `in_category` does."""
    links = ProductCategory.objects.filter(category__above__ancestor=ancestor, category__above__is_shown=True)
    return products.filter(id__in=links.values("product_id"))


def list_categories_of(*, product_id: UUID, columns: Sequence[str]) -> Rows:
    """Return the shown categories a product stands in, by sort order and name, each with its `path` from the root."""
    return list_categories_of_each(product_ids=[product_id], columns=columns)


def list_categories_of_each(*, product_ids: Collection[UUID], columns: Sequence[str]) -> Rows:
    """Return the shown categories of products, each with its product as `of_product`; as `list_categories_of` does."""
    standing = shown_categories().filter(productcategory__product_id__in=product_ids).annotate(path=PATH)
    ordered = standing.order_by("sort_order", "name", "id")
    return ordered.values("path", *columns, of_product=F("productcategory__product_id"))


def get_category(*, slug: str, columns: Sequence[str]) -> dict[str, Any]:
    """
    Return one category that customers see, with its `path` from the root: `id`, `slug` and `name`, itself last.

    Raises:
        CategoryNotFound: there is none with this slug.
    """
    category = shown_categories().filter(slug=slug).annotate(path=PATH).values("path", *columns).first()
    if category is None:
        raise CategoryNotFound("No category has this address.", slug=slug)
    return category


def list_children(*, category_id: UUID, columns: Sequence[str]) -> Rows:
    """Return the shown categories right below one, by sort order and name, each with its `children_count`."""
    below = shown_categories().filter(parent_id=category_id).annotate(children_count=CHILDREN)
    return below.order_by("sort_order", "name", "id").values("children_count", *columns)


def list_categories(*, columns: Sequence[str], root_id: UUID | None = None, levels: int | None = None) -> Rows:
    """
    Return the categories that customers see, by sort order and name, each with `id`, `parent_id` and `children_count`.

    One query, whatever the size of the tree.

    Args:
        root_id: only this one and what is below it.
        levels: so many levels, from the roots or from `root_id`; every level when left out.
    """
    tree = shown_categories()
    if root_id is not None:
        below = CategoryAncestor.objects.filter(ancestor=root_id)
        below = below if levels is None else below.filter(distance__lt=levels)
        tree = tree.filter(id__in=below.values("category"))
    elif levels is not None:
        deep = CategoryAncestor.objects.filter(distance=levels)
        tree = tree.exclude(id__in=deep.values("category"))
    tree = tree.annotate(children_count=CHILDREN).order_by("sort_order", "name", "id")
    return tree.values("id", "parent_id", "children_count", *columns)


def count_products_below(*, category_ids: Collection[UUID]) -> dict[UUID, Counted]:
    """Count the products that customers see in each category or below it, each once, in one query."""
    counted = SQL.rows("count_products_below", categories=list(category_ids), most=MOST_COUNTED)
    return {
        row["category_id"]: Counted(min(row["products"], MOST_COUNTED), row["links"] <= MOST_COUNTED) for row in counted
    }
