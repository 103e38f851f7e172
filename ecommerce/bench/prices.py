"""
How long it takes to change the prices of many variants: one a product, and two a product.

Ours is `change_prices`, as the API and the CSV command call it: locks, the old prices kept for undoing, the prices that
products show, events, history, and the word that pages are stale. Beside it, from the same run on the same rows: two
bare UPDATEs, of the variants and of the products, and the founding design's one statement an item (of a tenth of them,
times ten).
"""

import time
from collections.abc import Callable
from decimal import Decimal

from django.core.management import call_command
from django.db import connections, transaction

from apps.catalog.services import Repricing, Status, Target, change_prices

PRODUCTS = """
INSERT INTO products (id, name, slug, description, sku, price, vendor, product_type, tags, published_at)
SELECT gen_random_uuid(), 'Thing ' || n, 'thing-' || n, repeat('plain words about thing ' || n || ' ', 8), 'T-' || n,
    10 + n %% 90, 'Vendor ' || n %% 50, 'Type ' || n %% 20, ARRAY['tag' || n %% 30, 'all'], now()
FROM generate_series(1, %(count)s) n
"""
VARIANTS = """
INSERT INTO product_variants (id, product_id, title, sku, price, option1, inventory_quantity)
SELECT gen_random_uuid(), id, 'Size ' || size, sku || '-' || size, price, size, 5
FROM products, generate_series(1, %(each)s) size
"""
TOLD = "UPDATE products SET announced_in_stock = in_stock"
BARE = (
    "UPDATE product_variants SET price = price + 0.01",
    "UPDATE products SET price = price + 0.01",
)
ONE_BY_ONE = "UPDATE products SET price = price + 0.01, updated_at = now() WHERE sku = %s"


def run(*, items: int) -> None:
    """Print the seconds of each way, and ours beside the bare statements."""
    call_command("migrate", verbosity=0)
    for each in (1, 2):
        with connections["catalog"].cursor() as cursor:
            cursor.execute("TRUNCATE products, product_changes CASCADE")
            cursor.execute(PRODUCTS, {"count": items // each})
            cursor.execute(VARIANTS, {"each": each})
            cursor.execute(TOLD)
            cursor.execute("VACUUM ANALYZE")
        report(items, each)


def report(items: int, each: int) -> None:
    bare = timed(bare_updates)
    single = timed(lambda: one_by_one(items // each // 10)) * 10
    ours = timed(lambda: changed(items, each))
    print(
        f"{items} variants, {each} a product: {ours:.1f} s; two bare UPDATEs {bare:.1f} s; "
        f"one statement a product {single:.1f} s"
    )


def timed(act: Callable[[], None]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def bare_updates() -> None:
    with transaction.atomic(using="catalog"), connections["catalog"].cursor() as cursor:
        for statement in BARE:
            cursor.execute(statement)


def one_by_one(products: int) -> None:
    """Change the price of a product a statement, each a transaction of its own."""
    with connections["catalog"].cursor() as cursor:
        for number in range(1, products + 1):
            cursor.execute(ONE_BY_ONE, [f"T-{number}"])


def changed(items: int, each: int) -> None:
    """Change all prices in one call."""
    changes = [
        Repricing(target=Target(sku=f"T-{number}-{size}"), price=Decimal(20 + number % 90))
        for number in range(1, items // each + 1)
        for size in range(1, each + 1)
    ]
    outcome = change_prices(changes=changes, actor_id=None, source="api")
    assert all(item.status is Status.CHANGED for item in outcome.items)
