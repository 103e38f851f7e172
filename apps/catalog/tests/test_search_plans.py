"""No statement of a search reads a table from end to end."""

import json

import pytest
from django.db import connections

from apps.catalog.models import Product, SearchBoost, SearchSynonym
from apps.catalog.selectors import list_products, search_products, suggest
from apps.catalog.selectors.search.mending import finds
from apps.catalog.services import recount_search_words
from apps.core.testing.statements import captured

from .factories import CategoryFactory, ProductFactory

pytestmark = pytest.mark.django_db(databases=["catalog"])


def nodes(plan):
    yield plan
    for below in plan.get("Plans", []):
        yield from nodes(below)


def plans_of(statements, *, seqscan="off"):
    """Every node of the plans of statements, where a table is read whole only if there is no other way."""
    with connections["catalog"].cursor() as cursor:
        cursor.execute(f"SET LOCAL enable_seqscan = {seqscan}")
        for statement in statements:
            cursor.execute(f"EXPLAIN (FORMAT JSON) {statement}")
            (told,) = cursor.fetchone()
            yield from nodes((json.loads(told) if isinstance(told, str) else told)[0]["Plan"])


# Names of three words; the last two are those of few.
MANY = """
INSERT INTO products (name, slug, sku, price, vendor, published_at, search_tier)
SELECT
    format('Linen Shirt%s Hat%s', chr(97 + n % 26), chr(97 + n / 26 % 26)),
    'product-' || n, 'TN-' || 10000 + n, 10, 'Oliveira', '2026-01-05', n % 2
FROM generate_series(1, 4000) AS n
"""

VARIANTS = """
INSERT INTO product_variants (product_id, title, sku, price) SELECT id, 'Only', sku || '-1', 10 FROM products
"""

WORDS = """
INSERT INTO search_words (word, products)
SELECT '=' || translate(md5(n::text), '0123456789', 'ghijklmnop'), 1 FROM generate_series(1, 3000) AS n
"""


@pytest.fixture
def shelf():
    SearchSynonym.objects.using("catalog").create(phrase="ottoman", meaning="shirta")
    SearchBoost.objects.using("catalog").create(category=CategoryFactory())
    with connections["catalog"].cursor() as cursor:
        cursor.execute(MANY)
        recount_search_words()
        cursor.execute(WORDS)
        cursor.execute("ANALYZE products, search_words, search_synonyms, search_boosts")


@pytest.mark.usefixtures("shelf")
class TestPlans:
    @pytest.mark.parametrize(
        "text", ["shirta", "blue linen shirta", "shirtaa", "tn-10001", "tn1000", "n1000", "ottoman"]
    )
    def test_of_a_search_use_indexes(self, text):
        with captured("catalog") as ran:
            search_products(list_products().filter(vendor="Oliveira"), text=text)

        found = list(plans_of(ran["catalog"]))

        assert [node["Relation Name"] for node in found if node["Node Type"] == "Seq Scan"] == []
        assert {"idx_products_search", "idx_products_search_popular"} <= {node.get("Index Name") for node in found}

    @pytest.mark.parametrize("text", ["shirta", "linen shir", "tn-100", "shirtaa"])
    def test_of_suggestions_use_indexes(self, text):
        with captured("catalog") as ran:
            suggest(text=text)

        found = list(plans_of(ran["catalog"]))

        assert [node["Relation Name"] for node in found if node["Node Type"] == "Seq Scan"] == []
        assert "idx_products_search_popular" in {node.get("Index Name") for node in found}

    def test_of_a_beginning_that_nothing_has_uses_the_index_of_its_own_accord(self):
        with captured("catalog") as ran:
            assert finds(["'zz99':* | 'zz' <-> '99':*"]) == [False]

        found = list(plans_of(ran["catalog"], seqscan="on"))

        assert "idx_products_search" in {node.get("Index Name") for node in found}

    def test_of_the_nearest_words_and_of_parts_of_numbers_use_trigrams(self):
        with captured("catalog") as ran:
            search_products(list_products(), text="shirtaa")
            search_products(list_products(), text="n1000")

        indexes = {node.get("Index Name") for node in plans_of(ran["catalog"])}

        assert {"idx_search_words_like", "idx_products_sku_like"} <= indexes

    def test_of_an_skus_variant_use_its_index(self):
        with connections["catalog"].cursor() as cursor:
            cursor.execute(VARIANTS)
            cursor.execute("ANALYZE product_variants")
        with captured("catalog") as ran:
            search_products(list_products(), text="TN-10007-1")

        assert "idx_variants_sku_in_any_case" in {node.get("Index Name") for node in plans_of(ran["catalog"])}


class TestStages:
    def test_find_each_product_once(self):
        for name in ("Linen Shirt", "Linen Shirts", "Linen", "Shirts"):
            ProductFactory(name=name)
        Product.objects.using("catalog").filter(name="Linen").update(search_tier=0)

        matches = search_products(list_products(), text="linen shirt blue").matches

        assert len({match.id for match in matches}) == len(matches) == 4
