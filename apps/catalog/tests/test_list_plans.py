"""No statement of a list, its total or its facets reads a table from end to end; a sample is no such thing."""

import pytest
from django.db import connections

from apps.catalog.models import CategoryAncestor, ProductCategory
from apps.core.testing.statements import captured

from .factories import CategoryFactory
from .reading import PRODUCTS, fill
from .test_search_plans import plans_of

pytestmark = pytest.mark.django_db(databases=["catalog"])

STAND = """
INSERT INTO product_categories (product_id, category_id)
SELECT id, CASE WHEN name LIKE '%%77' THEN %s ELSE %s END::uuid FROM products WHERE name LIKE '%%77' OR name LIKE '%%3'
"""


@pytest.fixture
def shelf():
    """Four thousand products, of which some stand in categories."""
    clothes = CategoryFactory(slug="clothes")
    fill(4000)
    with connections["catalog"].cursor() as cursor:
        cursor.execute(STAND, [CategoryFactory(slug="shirts", parent=clothes).id, clothes.id])
    fill(0)
    assert CategoryAncestor.objects.using("catalog").count() == 3
    assert ProductCategory.objects.using("catalog").count() == 440


def plans(client, query, **how):
    """The tables read whole, and the indexes used, by the statements that answer a query."""
    with captured("catalog") as ran:
        assert client.get(f"{PRODUCTS}?{query}").status_code == 200
    asked = [statement for statement in ran["catalog"] if not statement.startswith("EXPLAIN")]
    found = list(plans_of(asked, **how))
    whole = [node["Relation Name"] for node in found if node["Node Type"] == "Seq Scan"]
    return whole, {node["Index Name"] for node in found if "Index Name" in node}


@pytest.mark.usefixtures("shelf")
class TestPlans:
    @pytest.mark.parametrize(
        ("query", "index"),
        [
            ("", "idx_products_created"),
            ("sort=created", "idx_products_created"),
            ("sort=price", "idx_products_price"),
            ("sort=-price", "idx_products_price"),
            ("sort=name", "idx_products_name"),
            ("sort=-name", "idx_products_name"),
            ("sort=popularity", "idx_products_popularity"),
            ("sort=-popularity", "idx_products_popularity"),
            ("sort=rating", "idx_products_rating"),
            ("sort=-rating", "idx_products_rating"),
        ],
    )
    def test_of_sorts_walk_their_index_of_their_own_accord(self, client, query, index):
        whole, indexes = plans(client, query, seqscan="on")

        assert (whole, indexes) == ([], {index})

        following = client.get(f"{PRODUCTS}?{query}&limit=100").json()["next"].partition("?")[2]
        assert plans(client, following, seqscan="on") == ([], {index})

    @pytest.mark.parametrize(
        ("query", "index"),
        [
            ("price_min=10&price_max=20", "idx_products_price"),
            ("tags=tag 17", "idx_products_tags"),
            ("tags_all=tag 17,wool", "idx_products_tags"),
            ("vendor=liveira 9", "idx_products_vendor_like"),
            ("product_type=Type 9", "idx_products_type"),
            ("option=Size:S7", "idx_products_options"),
            ("option=Size:S7&option=Size:S8", "idx_products_options"),
            ("rating_min=5&sort=-rating", "idx_products_rating"),
            ("featured=true", "idx_products_featured"),
            ("created_since=2026-01-07T18:00:00Z", "idx_products_created"),
        ],
    )
    def test_of_filters_use_their_index_of_their_own_accord(self, client, query, index):
        _, indexes = plans(client, f"sort=name&{query}", seqscan="on")

        assert index in indexes

    @pytest.mark.parametrize(
        "query",
        [
            "in_stock=true&sort=-popularity",
            "category=clothes&in_stock=true&tags=wool&sort=price",
            "category=shirts&expand=variants,categories&sort=name&fields=name",
            "price_min=100&rating_min=3&featured=false&vendor=oliv&product_type=Type 9&option=Size:M&sort=-rating",
        ],
    )
    @pytest.mark.parametrize("more", ["", "&page=2&limit=3", "&facets=true"])
    def test_of_combinations_and_their_totals_and_facets_read_no_table_whole(self, client, query, more):
        whole, _ = plans(client, query + more)

        assert whole == []
