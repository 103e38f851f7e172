"""Things to sell, for tests and benchmarks that go through the whole shop."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connections, transaction

from apps.core.ids import new_id

PRICE = Decimal("29.99")

STOCK = """
WITH made AS (
    INSERT INTO products (name, slug, sku, price, is_active, published_at)
    SELECT 'Product ' || n, %(name)s || '-' || n, %(name)s || '-' || n, %(price)s, true, now() - interval '1 day'
    FROM generate_series(1, %(products)s) n
    RETURNING id, sku
)
INSERT INTO product_variants (product_id, title, sku, price, inventory_quantity, option1)
SELECT made.id, 'Variant ' || v, made.sku || '-' || v, %(price)s, %(stock)s, 'V' || v
FROM made, generate_series(1, %(variants)s) v
RETURNING id
"""


def make_variants(*, stock: int, products: int = 1, variants: int = 1) -> list[UUID]:
    """Put products on sale at PRICE, each with so many variants and pieces; return the variants' ids."""
    with transaction.atomic(using="catalog"), connections["catalog"].cursor() as cursor:
        values: dict[str, Any] = {"price": PRICE, "products": products, "variants": variants, "stock": stock}
        cursor.execute(STOCK, values | {"name": f"p-{new_id().hex[-12:]}"})
        return [variant_id for (variant_id,) in cursor.fetchall()]
