"""Answers with fewer members, and with what belongs to a product."""

from decimal import Decimal

import pytest

from apps.catalog import services
from apps.core.testing.statements import captured, statements

from .factories import CategoryFactory, ProductFactory, VariantFactory
from .reading import PRODUCTS, shelve
from .searching import settle
from .stock import demand

pytestmark = pytest.mark.django_db(databases=["catalog"])


class TestFields:
    def test_leave_the_others_out(self, client, shirt):
        results = client.get(f"{PRODUCTS}?fields=price,name,currency,image").json()["results"]

        assert results == [
            {
                "name": "Linen Shirt",
                "price": "49.00",
                "currency": "USD",
                "image": {"url": "https://shop.example/front.jpg", "alt": "Front"},
            }
        ]

    def test_are_all_that_is_read(self, client, shirt):
        with captured("catalog") as ran:
            client.get(f"{PRODUCTS}?fields=name&sort=price")

        (statement,) = ran["catalog"]
        shown = statement.partition(" FROM ")[0]
        assert shown == 'SELECT "products"."id" AS "id", "products"."name" AS "name", "products"."price" AS "price"'

    def test_go_with_a_search_and_numbered_pages(self, client, shirt):
        settle()

        for more in ("search=linen", "search=linen&sort=name", "page=1", "search=linen&page=1"):
            assert client.get(f"{PRODUCTS}?fields=slug&{more}").json()["results"] == [{"slug": "linen-shirt"}]

    def test_of_a_page_of_a_product_leave_queries_out_too(self, client, shirt):
        with statements(catalog=1):
            assert client.get(f"{PRODUCTS}linen-shirt/?fields=name,currency").json() == {
                "name": "Linen Shirt",
                "currency": "USD",
            }
        with statements(catalog=2):
            page = client.get(f"{PRODUCTS}linen-shirt/?fields=variants").json()
        assert list(page) == ["variants"]
        assert page["variants"][0]["sku"] == "LS-BLUE"
        assert client.get(f"{PRODUCTS}linen-shirt/").json()["name"] == "Linen Shirt"

    def test_that_do_not_exist_are_named(self, client, shirt):
        for address in (PRODUCTS, f"{PRODUCTS}linen-shirt/"):
            response = client.get(f"{address}?fields=name,cost_price")

            assert response.status_code == 422
            assert response.json()["errors"]["fields"][0].startswith("Unknown: cost_price. There are: id, slug, name,")

    def test_are_rendered_anew_after_a_change(self, client, shirt, django_capture_on_commit_callbacks):
        client.get(f"{PRODUCTS}linen-shirt/?fields=name")
        shirt.name = "Shirt"
        with django_capture_on_commit_callbacks(using="catalog", execute=True):
            shirt.save()
            services.announce_products(product_ids=[shirt.id])

        assert client.get(f"{PRODUCTS}linen-shirt/?fields=name").json() == {"name": "Shirt"}


class TestExpand:
    def test_adds_active_variants_and_shown_categories(self, client, shirt):
        VariantFactory(product=shirt, sku="LS-RED", option1="Red", position=1, inventory_quantity=0)
        VariantFactory(product=shirt, sku="LS-OLD", is_active=False)
        clothes = CategoryFactory(slug="clothes", name="Clothes")
        shelve(shirt, CategoryFactory(slug="shirts", name="Shirts", parent=clothes))
        shelve(shirt, CategoryFactory(slug="hidden", is_active=False))
        ProductFactory(name="Lamp", price=Decimal(1))

        shown, lamp = client.get(f"{PRODUCTS}?expand=variants,categories&sort=-price").json()["results"]
        page = client.get(f"{PRODUCTS}linen-shirt/").json()

        assert [(one["sku"], one["in_stock"]) for one in shown["variants"]] == [("LS-BLUE", True), ("LS-RED", False)]
        assert (shown["variants"], shown["categories"]) == (page["variants"], page["categories"])
        assert [step["slug"] for step in shown["categories"][0]["path"]] == ["clothes", "shirts"]
        assert (lamp["variants"], lamp["categories"]) == ([], [])

    @pytest.mark.parametrize("products", [1, 30])
    def test_takes_a_query_each_whatever_the_size_of_the_page(self, client, products):
        shelf = CategoryFactory()
        for variant in VariantFactory.create_batch(products):
            VariantFactory(product=variant.product)
            shelve(variant.product, shelf)

        with statements(catalog=3):
            results = client.get(f"{PRODUCTS}?expand=categories,variants&limit=30").json()["results"]
        with statements(catalog=3):
            client.get(f"{PRODUCTS}?expand=categories,variants&limit=30&page=1&fields=name")

        assert [len(one["variants"]) for one in results] == [2] * products

    def test_goes_with_fields_and_search(self, client, shirt):
        settle()

        (shown,) = client.get(f"{PRODUCTS}?expand=variants&fields=name&search=linen").json()["results"]

        assert list(shown) == ["name", "variants"]

    def test_tells_at_once_that_a_variant_ran_out(self, client, shirt, django_capture_on_commit_callbacks):
        red = VariantFactory(product=shirt, option1="Red", position=1, inventory_quantity=1)
        (before,) = client.get(f"{PRODUCTS}?expand=variants").json()["results"]
        with django_capture_on_commit_callbacks(using="catalog", execute=True):
            services.reserve_inventory(demands=[demand((red, 1))])

        (after,) = client.get(f"{PRODUCTS}?expand=variants").json()["results"]

        assert [one["in_stock"] for one in before["variants"]] == [True, True]
        assert [one["in_stock"] for one in after["variants"]] == [True, False]
