"""What the products of a list can be narrowed to, and how many that leaves."""

from decimal import Decimal

import pytest
from django.db import connections

from apps.catalog import selectors
from apps.catalog.models import Product
from apps.catalog.selectors import FacetsAsked, count_facets, list_products
from apps.core.testing.statements import captured, statements

from .factories import CategoryFactory, ProductFactory, VariantFactory
from .reading import PRODUCTS, fill, shelve
from .searching import settle

pytestmark = pytest.mark.django_db(databases=["catalog"])


@pytest.fixture
def wardrobe():
    """Two shirts, a dress, a hidden coat; in three categories."""
    sizes = [{"name": "Size", "values": ["S", "L"]}, {"name": "Colour", "values": ["Red"]}]
    linen = ProductFactory(
        name="Linen Shirt",
        sku="N1",
        price=Decimal(12),
        vendor="Oliveira",
        product_type="Shirt",
        tags=["summer"],
        options=sizes,
    )
    wool = ProductFactory(
        name="Wool Shirt",
        sku="N2",
        price=Decimal("19.99"),
        vendor="Oliveira",
        product_type="Shirt",
        tags=["winter", "wool"],
        options=[{"name": "Size", "values": ["L"]}, {"name": "Colour", "values": ["Blue"]}],
        rating_average=Decimal("4.20"),
    )
    dress = ProductFactory(
        name="Linen Dress",
        sku="N3",
        price=Decimal(90),
        vendor="Sousa",
        product_type="Dress",
        tags=["summer"],
        options=[{"name": "Colour", "values": ["Blue"]}],
        rating_average=Decimal("2.00"),
    )
    ProductFactory(name="Linen Coat", vendor="Hidden", is_active=False, tags=["summer"])
    VariantFactory(product=linen)
    clothes = CategoryFactory(slug="clothes", name="Clothes")
    shirts = CategoryFactory(slug="shirts", name="Shirts", parent=clothes)
    shelve(linen, shirts)
    shelve(wool, shirts)
    shelve(wool, clothes)
    shelve(dress, CategoryFactory(slug="dresses", name="Dresses", parent=clothes))
    shelve(dress, CategoryFactory(slug="secret", name="Secret", is_active=False))


def facets(client, query):
    return client.get(f"{PRODUCTS}?{query}").json()["facets"]


def counts(client, query, kind):
    return {str(one.get("value")): one["count"] for one in facets(client, query)[kind]["values"]}


@pytest.mark.usefixtures("wardrobe")
class TestFacets:
    def test_count_each_value_the_commonest_first(self, client):
        assert facets(client, "facets=true") == {
            "vendor": told([("Oliveira", 2), ("Sousa", 1)]),
            "product_type": told([("Shirt", 2), ("Dress", 1)]),
            "tags": told([("summer", 2), ("winter", 1), ("wool", 1)]),
            "option": {
                "is_exact": True,
                "values": [
                    {"name": "Colour", "value": "Blue", "count": 2},
                    {"name": "Size", "value": "L", "count": 2},
                    {"name": "Colour", "value": "Red", "count": 1},
                    {"name": "Size", "value": "S", "count": 1},
                ],
            },
            "category": {"is_exact": True, "values": [{"value": "clothes", "name": "Clothes", "count": 3}]},
            "price": {
                "is_exact": True,
                "values": [{"min": "12.00", "max": "19.99", "count": 2}, {"min": "90.00", "max": "90.00", "count": 1}],
            },
            "rating": told([(4, 1), (3, 1), (2, 2), (1, 2)]),
            "in_stock": told([(True, 1), (False, 2)]),
        }

    def test_are_those_asked_for(self, client):
        assert list(facets(client, "facets=vendor,price")) == ["vendor", "price"]
        assert "facets" not in client.get(PRODUCTS).json()

    @pytest.mark.parametrize(
        ("query", "kind", "found"),
        [
            ("vendor=Sousa", "vendor", {"Oliveira": 2, "Sousa": 1}),
            ("vendor=Sousa", "product_type", {"Dress": 1}),
            ("vendor=Sousa&product_type=Shirt", "vendor", {"Oliveira": 2}),
            ("product_type=Shirt", "product_type", {"Shirt": 2, "Dress": 1}),
            ("tags=wool", "tags", {"summer": 2, "winter": 1, "wool": 1}),
            ("tags_all=wool", "tags", {"winter": 1, "wool": 1}),
            ("price_max=15", "vendor", {"Oliveira": 1}),
            ("rating_min=4", "rating", {"4": 1, "3": 1, "2": 2, "1": 2}),
            ("in_stock=true", "in_stock", {"True": 1, "False": 2}),
            ("in_stock=true", "tags", {"summer": 1}),
            ("category=clothes", "category", {"shirts": 2, "dresses": 1}),
            ("category=shirts", "category", {}),
            ("category=dresses", "vendor", {"Sousa": 1}),
            ("category=nowhere", "vendor", {}),
        ],
    )
    def test_count_under_the_other_filters(self, client, query, kind, found):
        assert counts(client, f"{query}&facets={kind}", kind) == found

    def test_of_prices_leave_their_own_filter_aside(self, client):
        values = facets(client, "facets=price&price_max=15&vendor=Oliveira")["price"]["values"]

        assert values == [{"min": "12.00", "max": "19.99", "count": 2}]

    def test_of_an_option_leave_its_own_values_aside_and_keep_those_of_others(self, client):
        values = facets(client, "facets=option&option=Size:S&option=Colour:Red")["option"]["values"]
        sizes = facets(client, "facets=option&option=Size:L")["option"]["values"]

        assert values == [
            {"name": "Colour", "value": "Red", "count": 1},
            {"name": "Size", "value": "L", "count": 1},
            {"name": "Size", "value": "S", "count": 1},
        ]
        assert {(one["name"], one["value"]): one["count"] for one in sizes} == {
            ("Size", "L"): 2,
            ("Size", "S"): 1,
            ("Colour", "Red"): 1,
            ("Colour", "Blue"): 1,
        }

    def test_of_a_search_count_what_it_found(self, client):
        settle()

        assert counts(client, "search=linen&facets=vendor", "vendor") == {"Oliveira": 1, "Sousa": 1}
        assert counts(client, "search=linen&vendor=Sousa&facets=vendor", "vendor") == {"Oliveira": 1, "Sousa": 1}
        assert counts(client, "search=linen&vendor=Sousa&facets=tags", "tags") == {"summer": 1}
        assert counts(client, "search=wool+shirt&sort=price&facets=vendor", "vendor") == {"Oliveira": 1}

    def test_stand_on_the_first_page_only(self, client):
        first = client.get(f"{PRODUCTS}?facets=vendor&limit=1").json()

        assert "facets" not in first["next"]
        assert "facets" not in client.get(first["next"]).json()

    def test_take_two_statements_and_two_more_for_each_filter_of_their_own(self, client):
        with statements(catalog=1 + 2):
            client.get(f"{PRODUCTS}?facets=true")
        with statements(catalog=1 + 2 + 2 * 2):
            client.get(f"{PRODUCTS}?facets=true&vendor=Sousa&tags=summer")
        with statements(catalog=2 + 2 + 2 * 2):
            client.get(f"{PRODUCTS}?facets=true&category=clothes&option=Size:L&option=Colour:Red")

    def test_are_kept_with_the_list(self, client):
        client.get(f"{PRODUCTS}?facets=tags,vendor")

        with statements(catalog=0):
            client.get(f"{PRODUCTS}?facets=vendor,tags")

    def test_of_options_that_are_no_list_of_values_count_nothing(self, client):
        Product.objects.using("catalog").update(options={"Size": "L"})

        assert counts(client, "facets=option", "option") == {}


def told(values):
    return {"is_exact": True, "values": [{"value": value, "count": count} for value, count in values]}


class TestCountFacets:
    def test_counts_ten_thousand_whole(self):
        fill(10_000)

        (vendors,) = count_facets(list_products(), FacetsAsked(kinds=["vendor"])).values()

        assert vendors.is_exact
        assert sum(value.products for value in vendors.values) == 10_000

    def test_estimates_more_from_a_sample(self):
        fill(40_000)

        found = count_facets(list_products(), FacetsAsked(kinds=["vendor", "in_stock", "price"]))

        assert not any(facet.is_exact for facet in found.values())
        by_vendor = {value.value["value"]: value.products for value in found["vendor"].values}
        assert by_vendor == pytest.approx(dict.fromkeys(by_vendor, 40_000 / 7), rel=0.2)
        assert len(by_vendor) == 7
        in_stock = {value.value["value"]: value.products for value in found["in_stock"].values}
        assert in_stock == pytest.approx({True: 40_000 / 3, False: 80_000 / 3}, rel=0.2)
        assert found == count_facets(list_products(), FacetsAsked(kinds=["vendor", "in_stock", "price"]))

    def test_reads_a_part_of_the_table_only(self):
        fill(40_000)
        with captured("catalog") as ran:
            count_facets(list_products(), FacetsAsked(kinds=["vendor"]))
        with connections["catalog"].cursor() as cursor:
            cursor.execute(f"EXPLAIN (ANALYZE, FORMAT TEXT) {ran['catalog'][-1]}")
            plan = "\n".join(line for (line,) in cursor.fetchall())

        assert "Sample Scan on products" in plan
        assert len(ran["catalog"]) == 3

    def test_counts_what_is_rare_in_a_long_list_whole_though_much_was_expected(self):
        fill(40_000)
        # The planner takes the two for independent.
        both = list_products().filter(vendor="Oliveira 1", product_type="Type 1", tags__contains=["tag 351"])
        (vendors,) = count_facets(both, FacetsAsked(kinds=["vendor"])).values()

        assert vendors.is_exact
        assert [value.products for value in vendors.values] == [both.count()]

    def test_of_nothing_counts_nothing(self):
        assert count_facets(Product.objects.using("catalog").none(), FacetsAsked(kinds=["tags"])) == {
            "tags": selectors.Facet([], is_exact=True)
        }
