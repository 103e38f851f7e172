"""Putting many variants and products on sale, or taking them off."""

from decimal import Decimal

import pytest

from apps.catalog import services
from apps.catalog.models import Product, ProductVariant
from apps.catalog.services import Activation, Target
from apps.core.testing.statements import statements

from .bulk import said, shown
from .factories import VariantFactory
from .reading import PRODUCTS, names
from .stock import product_of, told

pytestmark = pytest.mark.django_db(databases=["catalog"])


def switch(is_active, *, atomic=False, **target):
    change = Activation(target=Target(**target), is_active=is_active)
    return services.set_active(changes=[change], atomic=atomic)


def actives(model):
    return set(model.objects.using("catalog").filter(is_active=True).values_list("sku", flat=True))


class TestSetActive:
    def test_switches_variants_and_products_and_accounts_for_each(self):
        shirt, trousers, coat = (VariantFactory(sku=sku, product__sku=f"P-{sku}") for sku in ("S", "T", "C"))
        old = VariantFactory(sku="O", product__sku="P-O", product__is_active=False, is_active=False)

        results = services.set_active(
            changes=[
                Activation(target=Target(sku="S"), is_active=False),
                Activation(target=Target(variant_id=trousers.id), is_active=True),
                Activation(target=Target(product_id=coat.product_id), is_active=False),
                Activation(target=Target(slug=old.product.slug), is_active=True),
                Activation(target=Target(sku="NOWHERE"), is_active=True),
                Activation(target=Target(slug="nowhere"), is_active=True),
                Activation(target=Target(), is_active=True),
                Activation(target=Target(variant_id=shirt.id), is_active=True),
                Activation(target=Target(sku="O"), is_active=True),
            ]
        )

        assert said(results) == [
            ("changed", 1),
            ("unchanged", 0),
            ("changed", 0),
            ("changed", 0),
            ("not_found", "There is no such variant."),
            ("not_found", "There is no such product."),
            ("invalid", "Name one thing: a variant by its id or SKU, or a product by its id or slug."),
            ("invalid", "Item 1 names it already."),
            ("changed", 1),
        ]
        assert actives(ProductVariant) == {"T", "C", "O"}
        assert actives(Product) == {"P-S", "P-T", "P-O"}

    def test_changes_nothing_where_all_or_nothing_is_asked_and_one_is_wrong(self):
        shirt = VariantFactory()

        with pytest.raises(services.BulkRefused):
            services.set_active(
                changes=[
                    Activation(target=Target(sku=shirt.sku), is_active=False),
                    Activation(target=Target(sku="NOWHERE"), is_active=False),
                ],
                atomic=True,
            )

        assert actives(ProductVariant) == {shirt.sku}

    def test_as_a_trial_writes_nothing(self):
        shirt = VariantFactory()

        results = services.set_active(changes=[Activation(target=Target(sku=shirt.sku), is_active=False)], is_dry=True)

        assert said(results) == [("changed", 1)]
        assert actives(ProductVariant) == {shirt.sku}

    def test_lets_a_product_run_out_of_stock_and_come_back_with_its_variants(self):
        shirt = VariantFactory(inventory_quantity=5)
        services.announce_products(product_ids=[shirt.product_id])

        switch(False, sku=shirt.sku)
        off = product_of(shirt).in_stock
        switch(True, sku=shirt.sku)

        assert (off, product_of(shirt).in_stock) == (False, True)
        flips = [payload["in_stock"] for kind, payload in told() if kind == "product.stock_flipped"]
        assert flips == [True, False, True]

    def test_lets_a_product_show_the_cheapest_variant_that_is_left(self):
        cheap = VariantFactory(price=Decimal(10))
        VariantFactory(product=cheap.product, price=Decimal(20))

        switch(False, sku=cheap.sku)

        assert shown(cheap)[0] == Decimal(20)

    def test_leaves_the_prices_of_a_product_that_is_shown_or_hidden(self):
        shirt = VariantFactory(product__price=Decimal(99), price=Decimal(10))

        switch(False, product_id=shirt.product_id)

        assert shown(shirt)[0] == Decimal(99)

    @pytest.mark.parametrize("count", [1, 30])
    def test_takes_eight_statements_for_any_number(self, count):
        shirts = VariantFactory.create_batch(count, inventory_quantity=0)
        changes = [Activation(target=Target(sku=shirt.sku), is_active=False) for shirt in shirts]
        changes += [Activation(target=Target(slug=shirt.product.slug), is_active=False) for shirt in shirts]

        with statements(catalog=8):
            services.set_active(changes=changes)

    def test_hides_a_product_from_lists_searches_and_its_page_at_once(
        self, client, shirt, django_capture_on_commit_callbacks
    ):
        addresses = (PRODUCTS, f"{PRODUCTS}?search=linen", f"{PRODUCTS}?search=linen&sort=price")
        before = [names(client.get(address)) for address in addresses]
        client.get(f"{PRODUCTS}linen-shirt/")
        offered = client.get(f"{PRODUCTS}suggest/?q=lin").json()["products"]

        with django_capture_on_commit_callbacks(using="catalog", execute=True):
            switch(False, slug="linen-shirt")

        assert before == [["Linen Shirt"]] * 3
        assert [product["name"] for product in offered] == ["Linen Shirt"]
        assert [names(client.get(address)) for address in addresses] == [[]] * 3
        assert client.get(f"{PRODUCTS}linen-shirt/").status_code == 404
        assert client.get(f"{PRODUCTS}suggest/?q=lin").json()["products"] == []
