"""What customers read of the catalogue."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from apps.catalog import services
from apps.catalog.models import Product, ProductCategory
from apps.core.ids import new_id

from .factories import PUBLISHED_AT, CategoryFactory, ProductFactory, VariantFactory
from .stock import change, demand

pytestmark = pytest.mark.django_db(databases=["catalog"])

PRODUCTS = "/api/v1/products/"


def names(response):
    return [product["name"] for product in response.json()["results"]]


def shelve(product, category):
    ProductCategory.objects.using("catalog").create(product=product, category=category)


@pytest.fixture
def shirt():
    product = ProductFactory(
        name="Linen Shirt",
        slug="linen-shirt",
        sku="LS",
        price=Decimal("49.00"),
        compare_price=Decimal("60"),
        vendor="Oliveira",
        tags=["linen", "summer"],
        images=[{"url": "https://shop.example/front.jpg", "alt": "Front"}, {"url": "https://shop.example/back.jpg"}],
        options=[{"name": "Colour", "values": ["Blue"]}],
        weight=Decimal("250"),
    )
    VariantFactory(product=product, title="Blue", option1="Blue", sku="LS-BLUE", inventory_quantity=2)
    return product


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
            ("", ["Socks", "Coat", "Hat"]),
        ],
    )
    def test_sorts_and_walks_page_by_page_both_ways(self, client, sort, found):
        for day, (name, price) in enumerate([("Hat", 20), ("Coat", 90), ("Socks", 5)]):
            ProductFactory(name=name, price=Decimal(price), created_at=PUBLISHED_AT + timedelta(days=day))

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
        assert response == {"total": 5, "page": 2, "limit": 2, "has_next_page": True}

    @pytest.mark.parametrize(
        ("query", "field"),
        [
            ("price_min=cheap", "price_min"),
            ("price_min=NaN", "price_min"),
            ("price_max=-1", "price_max"),
            ("sort=colour", "sort"),
            ("in_stock=maybe", "in_stock"),
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

    def test_takes_one_query_and_two_with_numbered_pages(self, client, django_assert_num_queries):
        for _ in range(12):
            VariantFactory()

        with django_assert_num_queries(1, using="catalog"):
            client.get(PRODUCTS)
        with django_assert_num_queries(2, using="catalog"):
            client.get(f"{PRODUCTS}?page=1")

    def test_puts_nobodys_own_parameters_into_the_links_of_others(self, client):
        ProductFactory.create_batch(2)

        first = client.get(f"{PRODUCTS}?utm_source=mail&limit=1").json()
        second = client.get(f"{PRODUCTS}?limit=1").json()

        assert first == second
        assert "utm_source" not in first["next"]


class TestGetProduct:
    def test_shows_variants_options_images_and_categories(self, client, shirt):
        clothes = CategoryFactory(name="Clothes", slug="clothes")
        shelve(shirt, clothes)
        shelve(shirt, CategoryFactory(is_active=False))
        VariantFactory(product=shirt, option1="Red", sku="LS-RED", position=-1, inventory_quantity=0)
        VariantFactory(product=shirt, option1="Grey", is_active=False)

        page = client.get(f"{PRODUCTS}linen-shirt/").json()

        assert [variant["sku"] for variant in page["variants"]] == ["LS-RED", "LS-BLUE"]
        assert [variant["in_stock"] for variant in page["variants"]] == [False, True]
        assert page["variants"][1] == {
            "id": page["variants"][1]["id"],
            "title": "Blue",
            "sku": "LS-BLUE",
            "barcode": None,
            "price": "49.00",
            "compare_price": None,
            "currency": "USD",
            "option1": "Blue",
            "option2": None,
            "option3": None,
            "image_url": None,
            "weight": None,
            "weight_unit": "g",
            "position": 0,
            "in_stock": True,
            "requires_shipping": True,
            "taxable": True,
        }
        assert page["categories"] == [{"id": str(clothes.id), "slug": "clothes", "name": "Clothes"}]
        assert page["options"] == [{"name": "Colour", "values": ["Blue"]}]
        assert [image["url"] for image in page["images"]] == [
            "https://shop.example/front.jpg",
            "https://shop.example/back.jpg",
        ]
        assert (page["price"], page["currency"], page["weight"]) == ("49.00", "USD", "250.00")

    def test_says_that_nothing_has_the_address(self, client):
        response = client.get(f"{PRODUCTS}no-such-thing/")

        assert response.status_code == 404
        assert response.json()["code"] == "product_not_found"

    def test_takes_three_queries_whatever_the_number_of_variants(self, client, shirt, django_assert_num_queries):
        for _ in range(10):
            variant = VariantFactory(product=shirt)
            shelve(variant.product, CategoryFactory())

        with django_assert_num_queries(3, using="catalog"):
            client.get(f"{PRODUCTS}linen-shirt/")

    def test_answers_304_while_nothing_changed(self, client, shirt):
        etag = client.get(f"{PRODUCTS}linen-shirt/")["ETag"]

        again = client.get(f"{PRODUCTS}linen-shirt/", headers={"If-None-Match": etag})

        assert (again.status_code, again.content, again["ETag"]) == (304, b"", etag)


class TestGetProductStock:
    def test_tells_what_can_be_bought_now(self, client, shirt):
        VariantFactory(product=shirt, sku="LS-RED", position=1, inventory_quantity=-2, allow_backorder=True)
        blue = shirt.variants.get(sku="LS-BLUE")
        services.reserve_inventory(demands=[demand((blue, 1))])

        response = client.get(f"{PRODUCTS}linen-shirt/stock/")

        assert [
            (variant["sku"], variant["available_quantity"], variant["is_unlimited"]) for variant in response.json()
        ] == [("LS-BLUE", 1, False), ("LS-RED", 0, True)]

    def test_says_that_nothing_has_the_address(self, client, shirt):
        Product.objects.using("catalog").update(is_active=False)

        assert client.get(f"{PRODUCTS}linen-shirt/stock/").status_code == 404


class TestListCategories:
    def test_shows_the_tree_in_its_order(self, client):
        home = CategoryFactory(name="Home", slug="home", sort_order=2)
        clothes = CategoryFactory(name="Clothes", slug="clothes", sort_order=1)
        CategoryFactory(name="Trousers", slug="trousers", parent=clothes)
        CategoryFactory(name="Shirts", slug="shirts", parent=clothes)
        CategoryFactory(name="Lamps", slug="lamps", parent=home)

        tree = client.get("/api/v1/categories/").json()

        assert [(root["name"], [child["name"] for child in root["children"]]) for root in tree] == [
            ("Clothes", ["Shirts", "Trousers"]),
            ("Home", ["Lamps"]),
        ]
        assert tree[1]["children"][0] == {
            "id": tree[1]["children"][0]["id"],
            "slug": "lamps",
            "name": "Lamps",
            "description": None,
            "image_url": None,
            "seo_title": None,
            "seo_description": None,
            "children": [],
        }

    def test_hides_what_hangs_below_an_inactive_category(self, client):
        closed = CategoryFactory(is_active=False)
        CategoryFactory(parent=CategoryFactory(parent=closed))

        assert client.get("/api/v1/categories/").json() == []

    def test_takes_one_query(self, client, django_assert_num_queries):
        parent = None
        for _ in range(6):
            parent = CategoryFactory(parent=parent)

        with django_assert_num_queries(1, using="catalog"):
            client.get("/api/v1/categories/")


class TestKeptBodies:
    @pytest.fixture(autouse=True)
    def kept(self, client, shirt, django_capture_on_commit_callbacks):
        """The pages have been asked for once, and commits are told at the end of `committing`."""
        self.client = client
        self.committing = lambda: django_capture_on_commit_callbacks(using="catalog", execute=True)
        for address in (PRODUCTS, f"{PRODUCTS}linen-shirt/", "/api/v1/categories/"):
            client.get(address)

    def test_are_answered_without_a_query(self, django_assert_num_queries):
        with django_assert_num_queries(0, using="catalog"):
            for address in (PRODUCTS, f"{PRODUCTS}linen-shirt/", "/api/v1/categories/"):
                assert self.client.get(address).status_code == 200

    def test_stay_when_an_order_takes_one_of_two_pieces(self, shirt, django_assert_num_queries):
        blue = shirt.variants.get(sku="LS-BLUE")
        with self.committing():
            services.reserve_inventory(demands=[demand((blue, 1))])

        with django_assert_num_queries(0, using="catalog"):
            self.client.get(PRODUCTS)
            self.client.get(f"{PRODUCTS}linen-shirt/")

    def test_are_rendered_anew_when_the_last_piece_goes(self, shirt):
        blue = shirt.variants.get(sku="LS-BLUE")
        with self.committing():
            services.announce_flips(product_ids=[shirt.id])
        assert self.client.get(PRODUCTS).json()["results"][0]["in_stock"] is True

        with self.committing():
            services.reserve_inventory(demands=[demand((blue, 2))])

        assert self.client.get(PRODUCTS).json()["results"][0]["in_stock"] is False
        assert self.client.get(f"{PRODUCTS}linen-shirt/").json()["variants"][0]["in_stock"] is False

    def test_of_a_product_are_rendered_anew_when_one_variant_runs_out(self, shirt, django_assert_num_queries):
        with self.committing():
            services.announce_flips(product_ids=[VariantFactory(product=shirt, inventory_quantity=9).product_id])
        self.client.get(PRODUCTS)
        blue = shirt.variants.get(sku="LS-BLUE")

        with self.committing():
            services.reserve_inventory(demands=[demand((blue, 2))])

        page = self.client.get(f"{PRODUCTS}linen-shirt/").json()
        assert {variant["sku"]: variant["in_stock"] for variant in page["variants"]}["LS-BLUE"] is False
        with django_assert_num_queries(0, using="catalog"):
            self.client.get(PRODUCTS)

    def test_are_rendered_anew_after_a_change_of_the_product(self, shirt):
        with self.committing():
            Product.objects.using("catalog").filter(id=shirt.id).update(name="Ramie Shirt", slug="ramie-shirt")
            services.announce_products(product_ids=[shirt.id], former_slugs=["linen-shirt"])

        assert names(self.client.get(PRODUCTS)) == ["Ramie Shirt"]
        assert self.client.get(f"{PRODUCTS}ramie-shirt/").json()["name"] == "Ramie Shirt"
        assert self.client.get(f"{PRODUCTS}linen-shirt/").status_code == 404

    def test_vanish_with_a_product_that_is_hidden(self, shirt):
        with self.committing():
            Product.objects.using("catalog").filter(id=shirt.id).update(is_active=False)
            services.announce_products(product_ids=[shirt.id])

        assert names(self.client.get(PRODUCTS)) == []
        assert self.client.get(f"{PRODUCTS}linen-shirt/").status_code == 404

    def test_are_rendered_anew_after_a_change_of_the_tree(self, shirt):
        with self.committing():
            shelve(shirt, CategoryFactory(name="Shirts"))
            services.announce_categories()

        assert [category["name"] for category in self.client.get("/api/v1/categories/").json()] == ["Shirts"]
        page = self.client.get(f"{PRODUCTS}linen-shirt/").json()
        assert [category["name"] for category in page["categories"]] == ["Shirts"]

    def test_stay_while_the_change_is_not_committed(self, shirt, django_assert_num_queries):
        change(shirt.variants.get(sku="LS-BLUE"), price=Decimal("1.00"))
        services.announce_products(product_ids=[shirt.id])

        with django_assert_num_queries(0, using="catalog"):
            self.client.get(f"{PRODUCTS}linen-shirt/")
