"""Answers that are kept are never older than what they tell."""

from decimal import Decimal

import pytest

from apps.catalog import caching, services
from apps.catalog.models import Product

from .factories import CategoryFactory, VariantFactory
from .reading import PRODUCTS, names, shelve
from .stock import change, demand

pytestmark = pytest.mark.django_db(databases=["catalog"])


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
            services.announce_products(product_ids=[shirt.id])

        assert names(self.client.get(PRODUCTS)) == ["Ramie Shirt"]
        assert self.client.get(f"{PRODUCTS}ramie-shirt/").json()["name"] == "Ramie Shirt"
        assert self.client.get(f"{PRODUCTS}linen-shirt/").status_code == 301

    @pytest.mark.parametrize("most", [0, 1000])
    def test_are_rendered_anew_however_many_products_changed(self, shirt, monkeypatch, most):
        monkeypatch.setattr(caching, "MANY_PAGES", most)
        with self.committing():
            Product.objects.using("catalog").filter(id=shirt.id).update(name="Flax shirt")
            services.announce_products(product_ids=[shirt.id])

        assert self.client.get(f"{PRODUCTS}linen-shirt/").json()["name"] == "Flax shirt"

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
