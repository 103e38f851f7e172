"""Several people edit products at once, in real threads with real commits."""

from collections import Counter

import pytest

from apps.catalog import selectors, services
from apps.catalog.models import Product, ProductVariant
from apps.catalog.selectors import list_inventory_findings
from apps.core.testing.threads import at_once

from .factories import ProductFactory, VariantFactory
from .stock import demand, stock_of

pytestmark = pytest.mark.django_db(databases=["catalog"], transaction=True)


def renaming(product, slug):
    def rename():
        services.change_product(product_id=product.id, fields={"slug": slug})

    return rename


class TestEditors:
    def test_of_eight_who_saw_the_same_product_one_writes(self):
        product = VariantFactory().product
        seen = [selectors.get_sheet(product_id=product.id)["version"]]

        def edit(name):
            return lambda: services.change_product(product_id=product.id, fields={"name": name}, versions=seen)

        answers = at_once(*(edit(f"Shirt {n}") for n in range(8)))

        assert Counter(type(answer) for answer in answers) == {type(None): 1, services.ChangedMeanwhile: 7}
        assert Product.objects.using("catalog").get().name == f"Shirt {answers.index(None)}"
        assert selectors.list_product_changes(product_id=product.id).count() == 1

    def test_and_buyers_wait_for_each_other_and_lose_nothing(self):
        shirt = VariantFactory(inventory_quantity=100)
        orders = [demand((shirt, 1)) for _ in range(20)]

        def sell():
            for order in orders:
                services.reserve_inventory(demands=[order])

        def edit():
            for n in range(20):
                services.change_variant(
                    product_id=shirt.product_id, variant_id=shirt.id, fields={"price": 50 + n, "title": f"Blue {n}"}
                )

        refusals = at_once(sell, edit, lambda: [renaming(shirt.product, f"shirt-{n}")() for n in range(20)])[:2]

        assert refusals == [None, None]

        assert stock_of(shirt) == (80, 20)
        changed = ProductVariant.objects.using("catalog").get()
        assert (changed.price, changed.title) == (69, "Blue 19")
        assert selectors.find_renamed_product(slug="shirt-0") == "shirt-19"
        assert list_inventory_findings() == []

    def test_of_two_who_want_one_slug_one_gets_it(self):
        first, second = ProductFactory(slug="a"), ProductFactory(slug="b")

        refusals = [answer for answer in at_once(renaming(first, "c"), renaming(second, "c")) if answer]

        assert [refusal.errors for refusal in refusals] == [{"slug": ["Another product has this slug."]}]
        assert Product.objects.using("catalog").filter(slug="c").count() == 1

    @pytest.mark.parametrize("_", range(5))
    def test_who_takes_a_slug_that_is_given_up_leaves_no_redirect_to_the_former(self, _):
        shirt, other = ProductFactory(slug="shirt"), ProductFactory(slug="other")

        at_once(renaming(shirt, "ramie"), renaming(other, "shirt"))

        if Product.objects.using("catalog").filter(slug="shirt").exists():
            assert selectors.find_renamed_product(slug="shirt") is None
        else:
            assert selectors.find_renamed_product(slug="shirt") == "ramie"
