"""Former addresses of products and categories lead to those of today."""

import pytest
from django.db import connections

from apps.catalog import selectors, services
from apps.catalog.models import Category, Product

from .factories import CategoryFactory, ProductFactory, VariantFactory
from .reading import PRODUCTS, names, shelve

pytestmark = pytest.mark.django_db(databases=["catalog"])

CATEGORIES = "/api/v1/categories/"


def rename(row, slug):
    """By SQL that nobody but the database watches."""
    with connections["catalog"].cursor() as cursor:
        cursor.execute(f"UPDATE {row._meta.db_table} SET slug = %s WHERE id = %s", [slug, row.id])


class TestFormerSlugOfAProduct:
    def test_leads_to_the_product(self, client, shirt):
        rename(shirt, "ramie-shirt")

        answer = client.get(f"{PRODUCTS}linen-shirt/?fields=name")

        assert (answer.status_code, answer["Location"]) == (301, f"{PRODUCTS}ramie-shirt/?fields=name")
        assert answer["Cache-Control"] == "private, no-cache"
        assert client.get(f"{PRODUCTS}linen-shirt/", follow=True).json()["slug"] == "ramie-shirt"

    def test_leads_to_its_stock_too(self, client, shirt):
        rename(shirt, "ramie-shirt")

        answer = client.get(f"{PRODUCTS}linen-shirt/stock/")

        assert (answer.status_code, answer["Location"]) == (301, f"{PRODUCTS}ramie-shirt/stock/")

    def test_leads_to_the_newest_of_several(self, shirt):
        rename(shirt, "ramie-shirt")
        rename(shirt, "hemp-shirt")

        assert selectors.find_renamed_product(slug="linen-shirt") == "hemp-shirt"
        assert selectors.find_renamed_product(slug="ramie-shirt") == "hemp-shirt"

    def test_leads_nowhere_once_it_is_back(self, client, shirt):
        rename(shirt, "ramie-shirt")
        rename(shirt, "linen-shirt")

        assert client.get(f"{PRODUCTS}linen-shirt/").status_code == 200
        assert selectors.find_renamed_product(slug="linen-shirt") is None
        assert client.get(f"{PRODUCTS}ramie-shirt/")["Location"] == f"{PRODUCTS}linen-shirt/"

    @pytest.mark.parametrize("is_active", [True, False])
    def test_belongs_to_the_product_that_takes_it(self, client, shirt, is_active):
        rename(shirt, "ramie-shirt")

        ProductFactory(slug="linen-shirt", is_active=is_active)

        assert client.get(f"{PRODUCTS}linen-shirt/").status_code == (200 if is_active else 404)

    def test_belongs_to_the_product_that_is_renamed_to_it(self, client, shirt):
        rename(shirt, "ramie-shirt")
        other = ProductFactory(slug="hemp-shirt")

        rename(other, "linen-shirt")
        rename(other, "flax-shirt")

        assert selectors.find_renamed_product(slug="linen-shirt") == "flax-shirt"

    def test_does_not_lead_to_a_hidden_product(self, client, shirt):
        rename(shirt, "ramie-shirt")
        Product.objects.using("catalog").filter(id=shirt.id).update(is_active=False)

        assert client.get(f"{PRODUCTS}linen-shirt/").status_code == 404
        assert client.get(f"{PRODUCTS}linen-shirt/stock/").status_code == 404

    def test_goes_with_the_product(self, client, shirt):
        rename(shirt, "ramie-shirt")
        bare = ProductFactory(slug="bare")
        rename(bare, "barer")

        bare.delete(using="catalog")

        assert selectors.find_renamed_product(slug="bare") is None
        assert selectors.find_renamed_product(slug="linen-shirt") == "ramie-shirt"

    def test_is_not_answered_from_a_page_kept_under_it(self, client, shirt, django_capture_on_commit_callbacks):
        for slug in ("ramie-shirt", "linen-shirt"):
            client.get(f"{PRODUCTS}linen-shirt/")
            with django_capture_on_commit_callbacks(using="catalog", execute=True):
                rename(shirt, slug)
                services.announce_products(product_ids=[shirt.id])
            assert client.get(f"{PRODUCTS}{slug}/").status_code == 200

        assert client.get(f"{PRODUCTS}ramie-shirt/").status_code == 301

    def test_is_announced_with_no_statement_more(self, shirt, django_assert_num_queries):
        rename(shirt, "ramie-shirt")

        with django_assert_num_queries(4, using="catalog"):
            services.announce_products(product_ids=[shirt.id])


class TestFormerSlugOfACategory:
    def test_leads_to_the_category(self, client):
        shirts = CategoryFactory(slug="shirts")
        rename(shirts, "tops")

        answer = client.get(f"{CATEGORIES}shirts/")

        assert (answer.status_code, answer["Location"]) == (301, f"{CATEGORIES}tops/")

    def test_still_names_it_in_a_list(self, client):
        shirts = CategoryFactory(slug="shirts")
        shelve(VariantFactory(product__name="Linen Shirt").product, shirts)
        ProductFactory(name="Kettle")
        rename(shirts, "tops")

        assert names(client.get(PRODUCTS, {"category": "shirts"})) == ["Linen Shirt"]

    def test_belongs_to_the_category_that_takes_it(self, client):
        rename(CategoryFactory(slug="shirts"), "tops")

        CategoryFactory(slug="shirts")

        assert client.get(f"{CATEGORIES}shirts/").status_code == 200

    def test_leads_upwards_from_a_deleted_one(self):
        clothes = CategoryFactory(slug="clothes")
        shirts = CategoryFactory(slug="shirts", parent=clothes)
        rename(shirts, "tops")

        services.delete_category(category_id=shirts.id)

        assert selectors.find_renamed_category(slug="shirts") == "clothes"
        assert selectors.find_renamed_category(slug="tops") == "clothes"

    @pytest.mark.parametrize("order", ["distance", "-distance"])
    def test_leads_above_a_branch_that_goes_in_one_statement(self, order):
        clothes = CategoryFactory(slug="clothes")
        shirts = CategoryFactory(slug="shirts", parent=clothes)
        linen = CategoryFactory(slug="linen-shirts", parent=shirts)
        branch = [shirts.id, linen.id] if order == "distance" else [linen.id, shirts.id]

        with connections["catalog"].cursor() as cursor:
            cursor.execute(
                "DELETE FROM categories USING unnest(%s::uuid[]) AS gone (id) WHERE categories.id = gone.id", [branch]
            )

        assert Category.objects.using("catalog").count() == 1
        assert selectors.find_renamed_category(slug="shirts") == "clothes"
        assert selectors.find_renamed_category(slug="linen-shirts") == "clothes"

    def test_leads_nowhere_from_a_deleted_root(self, client):
        services.delete_category(category_id=CategoryFactory(slug="clothes").id)

        assert client.get(f"{CATEGORIES}clothes/").status_code == 404
