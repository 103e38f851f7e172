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
