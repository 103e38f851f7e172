"""The lists of products, as customers read them."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from apps.core.ids import new_id

from .factories import PUBLISHED_AT, CategoryFactory, ProductFactory, VariantFactory
from .reading import PRODUCTS, fill, names, shelve

pytestmark = pytest.mark.django_db(databases=["catalog"])


class TestListProducts:
    def test_shows_what_a_shelf_label_needs(self, client, shirt):
        response = client.get(PRODUCTS)

        assert response.status_code == 200
        assert response.json() == {
            "results": [
                {
                    "id": str(shirt.id),
                    "slug": "linen-shirt",
                    "name": "Linen Shirt",
                    "short_description": None,
                    "sku": "LS",
                    "price": "49.00",
                    "compare_price": "60.00",
                    "currency": "USD",
                    "vendor": "Oliveira",
                    "product_type": None,
                    "tags": ["linen", "summer"],
                    "options": [{"name": "Colour", "values": ["Blue"]}],
                    "variants_count": 1,
                    "in_stock": True,
                    "is_featured": False,
                    "is_digital": False,
                    "rating_average": "0.00",
                    "rating_count": 0,
                    "published_at": "2026-01-05T09:00:00Z",
                    "created_at": shirt.created_at.isoformat().replace("+00:00", "Z"),
                    "image": {"url": "https://shop.example/front.jpg", "alt": "Front"},
                }
            ],
            "next": None,
            "previous": None,
        }

    @pytest.mark.parametrize(
        "hidden",
        [
            pytest.param({"is_active": False}, id="inactive"),
            pytest.param({"published_at": None}, id="unpublished"),
            pytest.param({"published_at": datetime(2999, 1, 1, tzinfo=UTC)}, id="to be published"),
        ],
    )
    def test_never_shows_a_hidden_product(self, client, hidden):
        ProductFactory(slug="hidden", **hidden)

        assert names(client.get(PRODUCTS)) == []
        assert client.get(f"{PRODUCTS}?page=1").json()["total"] == 0
        assert client.get(f"{PRODUCTS}hidden/").status_code == 404

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("price_min=30", ["Dress", "Coat"]),
            ("price_max=30", ["Socks", "Dress"]),
            ("price_min=20&price_max=40", ["Dress"]),
            ("vendor=OLIV", ["Dress"]),
            ("tags=wool", ["Socks", "Coat"]),
            ("tags=silk, wool", ["Socks", "Dress", "Coat"]),
            ("in_stock=true", ["Dress"]),
            ("in_stock=false", ["Socks", "Coat"]),
            ("tags=wool&price_min=30", ["Coat"]),
            ("utm_source=mail", ["Socks", "Dress", "Coat"]),
        ],
    )
    def test_filters(self, client, query, found):
        ProductFactory(name="Socks", price=Decimal("5.00"), tags=["wool"])
        dress = ProductFactory(name="Dress", price=Decimal("30.00"), tags=["silk"], vendor="Casa Oliveira")
        ProductFactory(name="Coat", price=Decimal("90.00"), tags=["wool", "winter"])
        VariantFactory(product=dress)

        assert names(client.get(f"{PRODUCTS}?sort=price&{query}")) == found

    def test_finds_what_stands_in_a_category_or_below_it(self, client, shirt):
        clothes = CategoryFactory(slug="clothes")
        shelve(shirt, CategoryFactory(slug="shirts", parent=clothes))
        shelve(ProductFactory(name="Lamp"), CategoryFactory(slug="home"))

        assert names(client.get(f"{PRODUCTS}?category=clothes")) == ["Linen Shirt"]
        assert names(client.get(f"{PRODUCTS}?category=shirts")) == ["Linen Shirt"]
        assert names(client.get(f"{PRODUCTS}?category={clothes.id}")) == ["Linen Shirt"]
        assert names(client.get(f"{PRODUCTS}?category=home")) == ["Lamp"]
        assert names(client.get(f"{PRODUCTS}?category=garden")) == []
        assert names(client.get(f"{PRODUCTS}?category={new_id()}")) == []

    def test_finds_nothing_in_an_inactive_category(self, client, shirt):
        shelve(shirt, CategoryFactory(slug="shirts", is_active=False))

        assert names(client.get(f"{PRODUCTS}?category=shirts")) == []

    def test_names_a_product_once_that_stands_in_two_categories(self, client, shirt):
        clothes = CategoryFactory(slug="clothes")
        shelve(shirt, clothes)
        shelve(shirt, CategoryFactory(parent=clothes))

        assert names(client.get(f"{PRODUCTS}?category=clothes")) == ["Linen Shirt"]

    @pytest.mark.parametrize(
        ("sort", "found"),
        [
            ("created", ["Hat", "Coat", "Socks"]),
            ("-created", ["Socks", "Coat", "Hat"]),
            ("price", ["Socks", "Hat", "Coat"]),
            ("-price", ["Coat", "Hat", "Socks"]),
            ("name", ["Coat", "Hat", "Socks"]),
            ("-name", ["Socks", "Hat", "Coat"]),
            ("popularity", ["Socks", "Coat", "Hat"]),
            ("-popularity", ["Hat", "Coat", "Socks"]),
            ("rating", ["Coat", "Hat", "Socks"]),
            ("-rating", ["Socks", "Hat", "Coat"]),
            ("", ["Socks", "Coat", "Hat"]),
        ],
    )
    def test_sorts_and_walks_page_by_page_both_ways(self, client, sort, found):
        shelf = [("Hat", 20, 690.123456789012, "4.5", 3), ("Coat", 90, 1.5, "4.5", 2), ("Socks", 5, 0, "4.67", 1)]
        for day, (name, price, popularity, rating, ratings) in enumerate(shelf):
            ProductFactory(
                name=name,
                price=Decimal(price),
                popularity_score=popularity,
                rating_average=Decimal(rating),
                rating_count=ratings,
                created_at=PUBLISHED_AT + timedelta(days=day),
            )

        pages = [client.get(f"{PRODUCTS}?sort={sort}&limit=1")]
        while address := pages[-1].json()["next"]:
            pages.append(client.get(address))

        assert [name for page in pages for name in names(page)] == found
        back = client.get(pages[-1].json()["previous"])
        assert names(back) == found[1:2]

    def test_numbers_its_pages_when_asked(self, client):
        for number in range(5):
            ProductFactory(name=f"Hat {number}")

        response = client.get(f"{PRODUCTS}?sort=name&limit=2&page=2").json()

        assert [product["name"] for product in response.pop("results")] == ["Hat 2", "Hat 3"]
        assert response == {"total": 5, "total_is_exact": True, "page": 2, "limit": 2, "has_next_page": True}

    def test_counts_exactly_to_ten_thousand_and_estimates_beyond(self, client):
        fill(10_000)
        exact = client.get(f"{PRODUCTS}?page=1&limit=1").json()
        fill(1_000, first=10_001)
        estimated = client.get(f"{PRODUCTS}?page=1&limit=1&vendor=oliv").json()

        assert (exact["total"], exact["total_is_exact"]) == (10_000, True)
        assert estimated["total_is_exact"] is False
        assert 10_001 <= estimated["total"] <= 12_000
        assert client.get(f"{PRODUCTS}?page=1&price_max=40").json()["total"] == 40

    def test_has_an_empty_page_behind_the_last(self, client):
        ProductFactory.create_batch(2)

        response = client.get(f"{PRODUCTS}?limit=2&page=2").json()

        assert response == {
            "results": [],
            "total": 2,
            "total_is_exact": True,
            "page": 2,
            "limit": 2,
            "has_next_page": False,
        }

    @pytest.mark.parametrize(
        ("query", "field"),
        [
            ("price_min=cheap", "price_min"),
            ("price_min=NaN", "price_min"),
            ("price_max=-1", "price_max"),
            ("sort=colour", "sort"),
            ("in_stock=maybe", "in_stock"),
            ("featured=1", "featured"),
            ("rating_min=6", "rating_min"),
            ("created_since=yesterday", "created_since"),
            ("option=Size", "option"),
            ("option=%20:L", "option"),
            ("&".join(f"product_type={n}" for n in range(21)), "product_type"),
            ("fields=name,cost_price", "fields"),
            ("expand=cost_price", "expand"),
            ("facets=colour", "facets"),
            ("limit=0", "limit"),
            ("page=0", "page"),
            ("cursor=x", "cursor"),
        ],
    )
    def test_names_the_parameter_that_is_wrong(self, client, query, field):
        response = client.get(f"{PRODUCTS}?{query}")

        assert response.status_code == 422
        assert response["Content-Type"] == "application/problem+json"
        assert list(response.json()["errors"]) == [field]

    def test_takes_one_query_and_two_with_numbered_pages_before_the_last(self, client, django_assert_num_queries):
        for _ in range(12):
            VariantFactory()

        with django_assert_num_queries(1, using="catalog"):
            client.get(PRODUCTS)
        with django_assert_num_queries(2, using="catalog"):
            client.get(f"{PRODUCTS}?page=1&limit=10")
        with django_assert_num_queries(1, using="catalog"):
            client.get(f"{PRODUCTS}?page=2&limit=10")

    def test_puts_nobodys_own_parameters_into_the_links_of_others(self, client):
        ProductFactory.create_batch(2)

        first = client.get(f"{PRODUCTS}?utm_source=mail&limit=1").json()
        second = client.get(f"{PRODUCTS}?limit=1").json()

        assert first == second
        assert "utm_source" not in first["next"]
