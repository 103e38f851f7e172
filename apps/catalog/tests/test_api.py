"""Products, their stock and categories, as customers read them."""

import pytest

from apps.catalog import services
from apps.catalog.models import Product

from .factories import CategoryFactory, VariantFactory
from .reading import PRODUCTS, shelve
from .stock import demand

pytestmark = pytest.mark.django_db(databases=["catalog"])


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
        named = {"id": str(clothes.id), "slug": "clothes", "name": "Clothes"}
        assert page["categories"] == [named | {"path": [named]}]
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
