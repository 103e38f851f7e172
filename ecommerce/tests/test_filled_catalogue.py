"""A generated catalogue in the database: its stock adds up, and no question of the benchmark reads a table whole."""

from itertools import islice

import pytest
from django.db import connections
from django.test import Client

from apps.catalog.selectors import list_inventory_findings
from apps.core.body_cache import invalidate
from apps.core.testing.statements import captured
from ecommerce.bench.catalogue.asking import KINDS, Shopper
from ecommerce.bench.catalogue.generating import fill
from ecommerce.bench.catalogue.run import TAGS

pytestmark = pytest.mark.django_db(transaction=True, databases=["catalog"])

PRODUCTS = 1500
FACTS = """
SELECT
    (SELECT count(*) FROM products),
    (SELECT count(*) FROM products WHERE search_vector IS NULL OR search_vector = ''),
    (SELECT count(*) FROM products p
        WHERE (inventory_quantity, variants_count) <>
            (SELECT sum(inventory_quantity), count(*) FROM product_variants v WHERE v.product_id = p.id)),
    (SELECT count(*) FROM product_variants v WHERE inventory_quantity > 0
        AND NOT EXISTS (SELECT 1 FROM inventory_movements m WHERE m.product_variant_id = v.id)),
    (SELECT count(*) FROM categories),
    (SELECT count(*) FROM category_ancestors),
    (SELECT count(*) FROM products WHERE search_tier = 0 AND is_active)
        = (SELECT count(*) FROM products WHERE is_active),
    (SELECT max(products) FROM search_words) > 100
"""
CHECKSUM = """
SELECT md5(string_agg(t::text, '' ORDER BY id))
FROM (SELECT id, name, price, vendor, tags, search_vector FROM products) t
"""


def fetched(statement):
    with connections["catalog"].cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()


def indexes():
    return fetched("SELECT array_agg(indexdef ORDER BY indexname) FROM pg_indexes WHERE schemaname = 'public'")


def tables_read_whole(statements):
    with connections["catalog"].cursor() as cursor:
        cursor.execute("SET enable_seqscan = off")
        for statement in statements:
            if statement.startswith("EXPLAIN"):
                continue
            cursor.execute(f"EXPLAIN (FORMAT TEXT) {statement}")
            yield from (line.strip() for (line,) in cursor.fetchall() if "Seq Scan" in line)
        cursor.execute("RESET enable_seqscan")


class TestAFilledCatalogue:
    def test_adds_up_is_found_and_is_asked_by_indexes_only(self):
        before = indexes()
        fill(PRODUCTS)

        assert fetched(FACTS) == (PRODUCTS, 0, 0, 0, 910, 910 + 900 + 810, True, True)
        assert list_inventory_findings() == []
        assert indexes() == before

        invalidate(TAGS)
        for ask, _ in KINDS.values():
            for address in islice(ask(Shopper()), 3):
                with captured("catalog") as ran:
                    assert Client().get(address).status_code == 200
                assert ran["catalog"], address
                assert list(tables_read_whole(ran["catalog"])) == [], address

    def test_is_the_same_for_the_same_seed(self):
        fill(50, seed=7)
        first = fetched(CHECKSUM)
        with connections["catalog"].cursor() as cursor:
            cursor.execute("TRUNCATE products, categories CASCADE")
        fill(50, seed=7)

        assert fetched(CHECKSUM) == first
