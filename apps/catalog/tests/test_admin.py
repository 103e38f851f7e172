"""The catalogue's back office."""

import pytest

from apps.catalog.models import Product

from .factories import CategoryFactory, ReviewFactory, VariantFactory
from .office import page, queries

pytestmark = [pytest.mark.django_db(databases=["accounts", "catalog", "orders"]), pytest.mark.usefixtures("own_cache")]


class TestLists:
    @pytest.mark.parametrize(
        ("model", "make"),
        [
            ("product", VariantFactory),
            ("productvariant", VariantFactory),
            ("inventorymovement", VariantFactory),
            ("category", lambda: CategoryFactory(parent=CategoryFactory())),
            ("productreview", ReviewFactory),
        ],
    )
    def test_take_no_query_a_row(self, office, model, make):
        make()
        few = queries(office, page(model))
        for _ in range(10):
            make()

        assert queries(office, page(model)) == few
        assert few <= 3

    def test_find_a_variant_by_its_sku(self, office):
        VariantFactory(sku="LS-BLUE")
        VariantFactory(sku="LS-RED")

        answer = office.get(page("productvariant"), {"q": "LS-BLUE"}).content.decode()

        assert "LS-BLUE" in answer
        assert "LS-RED" not in answer


class TestDeletion:
    def test_takes_a_product_that_never_had_stock(self, office):
        shirt = VariantFactory(inventory_quantity=0)

        office.post(page("product", "delete", shirt.product_id), {"post": "yes"})

        assert not Product.objects.using("catalog").filter(id=shirt.product_id).exists()

    def test_leaves_a_product_that_the_ledger_names(self, office):
        shirt = VariantFactory(inventory_quantity=1)

        office.post(page("product", "delete", shirt.product_id), {"post": "yes"})

        assert Product.objects.using("catalog").filter(id=shirt.product_id).exists()
