"""Categories as customers read them."""

import pytest

from apps.catalog import services
from apps.catalog.models import Category

from .factories import CategoryFactory, ProductFactory
from .reading import PRODUCTS, shelve

CATEGORIES = "/api/v1/categories/"
pytestmark = pytest.mark.django_db(databases=["catalog"])


def names_of(tree):
    return [(node["name"], names_of(node["children"])) for node in tree]


@pytest.fixture
def shop():
    """Home and Clothes, with a way down to linen shirts."""
    CategoryFactory(name="Lamps", slug="lamps", parent=CategoryFactory(name="Home", slug="home", sort_order=2))
    clothes = CategoryFactory(name="Clothes", slug="clothes", sort_order=1)
    shirts = CategoryFactory(name="Shirts", slug="shirts", parent=clothes)
    CategoryFactory(name="Trousers", slug="trousers", parent=clothes)
    CategoryFactory(name="Linen", slug="linen", parent=shirts)


class TestListCategories:
    def test_shows_the_tree_in_its_order(self, client, shop):
        tree = client.get(CATEGORIES).json()

        assert names_of(tree) == [
            ("Clothes", [("Shirts", [("Linen", [])]), ("Trousers", [])]),
            ("Home", [("Lamps", [])]),
        ]
        assert tree[1]["children"][0] == {
            "id": tree[1]["children"][0]["id"],
            "slug": "lamps",
            "name": "Lamps",
            "description": None,
            "image_url": None,
            "seo_title": None,
            "seo_description": None,
            "children_count": 0,
            "children": [],
        }

    @pytest.mark.parametrize(
        ("query", "shown"),
        [
            ("depth=1", [("Clothes", []), ("Home", [])]),
            ("depth=2", [("Clothes", [("Shirts", []), ("Trousers", [])]), ("Home", [("Lamps", [])])]),
            ("root=shirts", [("Shirts", [("Linen", [])])]),
            ("root=clothes&depth=2", [("Clothes", [("Shirts", []), ("Trousers", [])])]),
            ("root=clothes&depth=1", [("Clothes", [])]),
        ],
    )
    def test_shows_a_part_of_it(self, client, shop, query, shown):
        tree = client.get(f"{CATEGORIES}?{query}").json()

        assert names_of(tree) == shown

    def test_tells_how_many_were_left_out(self, client, shop):
        roots = client.get(f"{CATEGORIES}?depth=1").json()

        assert [root["children_count"] for root in roots] == [2, 1]

    def test_hides_what_hangs_below_an_inactive_category(self, client):
        closed = CategoryFactory(slug="closed", is_active=False)
        CategoryFactory(slug="deep", parent=CategoryFactory(parent=closed))

        assert client.get(CATEGORIES).json() == []
        assert client.get(f"{CATEGORIES}?root=deep").json()["code"] == "category_not_found"

    @pytest.mark.parametrize(("query", "status"), [("root=garden", 404), ("depth=0", 422), ("depth=two", 422)])
    def test_refuses_what_is_not_there(self, client, shop, query, status):
        assert client.get(f"{CATEGORIES}?{query}").status_code == status

    @pytest.mark.parametrize(("query", "queries"), [("", 1), ("depth=2", 1), ("root=clothes", 2)])
    def test_takes_as_many_queries_however_deep_it_is(self, client, shop, query, queries, django_assert_num_queries):
        parent = Category.objects.using("catalog").get(slug="linen")
        for _ in range(6):
            parent = CategoryFactory(parent=parent)

        with django_assert_num_queries(queries, using="catalog"):
            client.get(f"{CATEGORIES}?{query}")
        with django_assert_num_queries(0, using="catalog"):
            client.get(f"{CATEGORIES}?{query}")


class TestGetCategory:
    def test_shows_the_way_to_it_and_what_is_below_it(self, client, shop):
        linen = Category.objects.using("catalog").get(slug="linen")
        shelve(ProductFactory(), linen)
        shelve(ProductFactory(), linen.parent)

        page = client.get(f"{CATEGORIES}shirts/").json()

        assert [step["slug"] for step in page["path"]] == ["clothes", "shirts"]
        assert (page["products_count"], page["products_count_is_exact"]) == (2, True)
        assert page["children"] == [
            {
                "id": str(linen.id),
                "slug": "linen",
                "name": "Linen",
                "image_url": None,
                "children_count": 0,
                "products_count": 1,
                "products_count_is_exact": True,
            }
        ]

    def test_takes_three_queries_however_many_are_below_it(self, client, shop, django_assert_num_queries):
        clothes = Category.objects.using("catalog").get(slug="clothes")
        CategoryFactory.create_batch(10, parent=clothes)

        with django_assert_num_queries(3, using="catalog"):
            client.get(f"{CATEGORIES}clothes/")

    @pytest.mark.parametrize("slug", ["garden", "linen"])
    def test_says_that_nothing_has_the_address(self, client, shop, slug):
        Category.objects.using("catalog").filter(slug="clothes").update(is_active=False)

        response = client.get(f"{CATEGORIES}{slug}/")

        assert (response.status_code, response.json()["code"]) == (404, "category_not_found")


class TestProductPage:
    def test_shows_the_way_to_each_of_its_categories(self, client, shop, shirt):
        shelve(shirt, Category.objects.using("catalog").get(slug="linen"))
        shelve(shirt, Category.objects.using("catalog").get(slug="home"))

        page = client.get(f"{PRODUCTS}linen-shirt/").json()

        assert [[step["name"] for step in category["path"]] for category in page["categories"]] == [
            ["Clothes", "Shirts", "Linen"],
            ["Home"],
        ]

    def test_leaves_out_a_category_below_an_inactive_one(self, client, shop, shirt):
        shelve(shirt, Category.objects.using("catalog").get(slug="linen"))
        Category.objects.using("catalog").filter(slug="clothes").update(is_active=False)

        assert client.get(f"{PRODUCTS}linen-shirt/").json()["categories"] == []


class TestKeptPages:
    ADDRESSES = (CATEGORIES, f"{CATEGORIES}shirts/", f"{PRODUCTS}linen-shirt/", f"{PRODUCTS}?category=home")

    def test_are_stale_once_a_branch_has_moved(self, client, shop, shirt, django_capture_on_commit_callbacks):
        shelve(shirt, Category.objects.using("catalog").get(slug="linen"))
        before = [client.get(address)["ETag"] for address in self.ADDRESSES]
        ids = dict(Category.objects.using("catalog").values_list("slug", "id"))

        with django_capture_on_commit_callbacks(using="catalog") as told:
            services.move_category(category_id=ids["shirts"], parent_id=ids["home"])
        # Not before the commit: what is rendered until then is of the old tree.
        assert [client.get(address)["ETag"] for address in self.ADDRESSES] == before
        for tell in told:
            tell()

        assert all(client.get(a)["ETag"] != etag for a, etag in zip(self.ADDRESSES, before, strict=True))
        assert [step["name"] for step in client.get(f"{PRODUCTS}linen-shirt/").json()["categories"][0]["path"]] == [
            "Home",
            "Shirts",
            "Linen",
        ]
        assert client.get(f"{PRODUCTS}?category=clothes").json()["results"] == []
