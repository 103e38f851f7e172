"""Filters of the lists, and how they go together."""

from datetime import timedelta
from decimal import Decimal

import pytest

from .factories import PUBLISHED_AT, CategoryFactory, ProductFactory, VariantFactory
from .reading import PRODUCTS, names, shelve
from .searching import settle

pytestmark = pytest.mark.django_db(databases=["catalog"])


def options(**values):
    return [{"name": name.capitalize(), "values": some} for name, some in values.items()]


@pytest.fixture
def wardrobe():
    """Socks, a dress and a coat, the cheapest first."""
    socks = ProductFactory(
        name="Wool Socks",
        price=Decimal(5),
        tags=["wool", "feet, both"],
        product_type="Socks",
        options=options(size=["S", "L"], colour=["Red"]),
        rating_average=Decimal("3.50"),
        created_at=PUBLISHED_AT,
    )
    dress = ProductFactory(
        name="Silk Dress",
        price=Decimal(30),
        tags=["silk", "summer"],
        product_type="Dress",
        vendor="Casa Oliveira",
        options=options(size=["M"], colour=["Red", "Blue"]),
        is_featured=True,
        created_at=PUBLISHED_AT + timedelta(days=1),
    )
    coat = ProductFactory(
        name="Wool Coat",
        price=Decimal(90),
        tags=["wool", "winter"],
        product_type="Coat",
        options=options(size=["L"], colour=["Blue"]),
        rating_average=Decimal("4.50"),
        created_at=PUBLISHED_AT + timedelta(days=2),
    )
    VariantFactory(product=dress)
    shelve(coat, CategoryFactory(slug="coats", parent=CategoryFactory(slug="clothes")))
    return socks, dress, coat


@pytest.mark.usefixtures("wardrobe")
class TestFilters:
    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("product_type=Coat", ["Wool Coat"]),
            ("product_type=Coat&product_type=Dress", ["Silk Dress", "Wool Coat"]),
            ("product_type=coat", []),
            ("tags_all=wool,winter", ["Wool Coat"]),
            ("tags_all=wool", ["Wool Socks", "Wool Coat"]),
            ("tags_all=wool,silk", []),
            ('tags="feet, both",silk', ["Wool Socks", "Silk Dress"]),
            ("option=Size:L", ["Wool Socks", "Wool Coat"]),
            ("option=Size:L&option=Size:M", ["Wool Socks", "Silk Dress", "Wool Coat"]),
            ("option=Size:L&option=Colour:Blue", ["Wool Coat"]),
            ("option=Size:M&option=Colour:Red&option=Colour:Green", ["Silk Dress"]),
            ("option=Colour:L", []),
            ("rating_min=3.5", ["Wool Socks", "Wool Coat"]),
            ("rating_min=4", ["Wool Coat"]),
            ("featured=true", ["Silk Dress"]),
            ("featured=false", ["Wool Socks", "Wool Coat"]),
            ("created_since=2026-01-06T09:00:00Z", ["Silk Dress", "Wool Coat"]),
            ("created_since=2026-01-07", ["Wool Coat"]),
            ("option=&product_type=%20", ["Wool Socks", "Silk Dress", "Wool Coat"]),
        ],
    )
    def test_leave_what_has_it(self, client, query, found):
        assert names(client.get(f"{PRODUCTS}?sort=price&{query}")) == found

    @pytest.mark.parametrize(
        "query",
        [
            "category=clothes&tags=wool,silk&price_min=50&rating_min=4&option=Size:L&product_type=Coat",
            "tags_all=wool&in_stock=false&featured=false&created_since=2026-01-06&price_max=90",
        ],
    )
    @pytest.mark.parametrize("sort", ["-created", "price", "name", "-popularity", "rating"])
    def test_go_together_with_each_other_sorts_and_search(self, client, query, sort):
        settle()

        for more in (f"sort={sort}", f"sort={sort}&search=coat", "search=wool", "page=1", "page=1&search=wool+coat"):
            assert names(client.get(f"{PRODUCTS}?{query}&{more}")) == ["Wool Coat"]
        assert names(client.get(f"{PRODUCTS}?{query}&sort={sort}&search=silk")) == []

    def test_stay_on_the_way_from_page_to_page(self, client):
        first = client.get(f"{PRODUCTS}?option=Size:L&option=Size:M&option=Colour:Red&limit=1&sort=-price").json()
        second = client.get(first["next"])

        assert [product["name"] for product in first["results"]] == ["Silk Dress"]
        assert names(second) == ["Wool Socks"]
        assert second.json()["next"] is None

    def test_in_another_order_are_the_same_question(self, client, django_assert_num_queries):
        client.get(f"{PRODUCTS}?option=Size:L&option=Size:M&fields=name,slug&search=Wool")

        with django_assert_num_queries(0, using="catalog"):
            client.get(f"{PRODUCTS}?search=wool&fields=slug,%20name&option=Size:M&option=Size:L&option=Size:M")
