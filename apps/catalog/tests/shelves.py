"""The catalogue as it stands in the tables."""

from django.db import connections

from apps.catalog.models import Category, Product, ProductCategory


def shelves_of(slug: str) -> set[str]:
    links = ProductCategory.objects.using("catalog").filter(product__slug=slug)
    return set(links.values_list("category__slug", flat=True))


def put_on_shelf(slug: str, category: str) -> None:
    shelf = Category.objects.using("catalog").get(slug=category)
    Product.objects.using("catalog").get(slug=slug).categories.add(shelf)


def versions() -> set[tuple[str, ...]]:
    """Every row of the catalogue as it stands on disk: a row that was written again has another place."""
    tables = (
        "products",
        "product_variants",
        "categories",
        "product_categories",
        "inventory_movements",
        "outbox_events",
    )
    found: set[tuple[str, ...]] = set()
    with connections["catalog"].cursor() as cursor:
        for table in tables:
            key = "product_id" if table == "product_categories" else "id"
            cursor.execute(f"SELECT %s, {key}::text, ctid::text, xmin::text FROM {table}", [table])
            found.update(cursor.fetchall())
    return found


ASTRAY = """
WITH RECURSIVE above AS (
    SELECT c.id AS category_id, c.id AS ancestor_id, 0 AS distance, c.parent_id, c.is_active FROM categories c
    UNION ALL
    SELECT a.category_id, c.id, a.distance + 1, c.parent_id, a.is_active AND c.is_active
    FROM above a JOIN categories c ON c.id = a.parent_id
), shown AS (
    SELECT category_id, is_active FROM above WHERE parent_id IS NULL
), wanted AS (
    SELECT a.ancestor_id, a.category_id, a.distance, s.is_active FROM above a JOIN shown s USING (category_id)
), kept AS (SELECT ancestor_id, category_id, distance, is_shown FROM category_ancestors)
(TABLE wanted EXCEPT TABLE kept) UNION ALL (TABLE kept EXCEPT TABLE wanted)
"""


def astray() -> list[tuple[object, ...]]:
    """What `category_ancestors` lacks or has too much, by walking the tree."""
    with connections["catalog"].cursor() as cursor:
        cursor.execute(ASTRAY)
        return list(cursor.fetchall())
