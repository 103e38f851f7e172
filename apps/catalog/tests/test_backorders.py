"""A variant that is sold below zero, from the order that waits to the delivery that serves it."""

import pytest

from apps.catalog import services
from apps.catalog.contracts import StockLine
from apps.catalog.models import ProductVariant
from apps.catalog.selectors import list_inventory_findings

from .factories import VariantFactory
from .office import form_of, page
from .reading import PRODUCTS
from .stock import demand, ledger_of, product_of, stock_of, told

pytestmark = pytest.mark.django_db(databases=["accounts", "catalog", "orders"])


@pytest.fixture
def shirt():
    """One linen shirt is left, and more may be ordered."""
    return VariantFactory(
        product__slug="linen-shirt", product__low_stock_threshold=0, inventory_quantity=1, allow_backorder=True
    )


def order(shirt, quantity):
    wanted = demand((shirt, quantity))
    assert services.reserve_inventory(demands=[wanted]) == {}
    return wanted.order_id


def stock_answer(client):
    (variant,) = client.get(f"{PRODUCTS}linen-shirt/stock/").json()
    return variant["available_quantity"], variant["is_unlimited"], variant["is_backorder"]


class TestBackorder:
    def test_waits_for_the_delivery_that_serves_it(self, shirt):
        first, second = order(shirt, 3), order(shirt, 2)
        assert (stock_of(shirt), list_inventory_findings()) == ((-4, 5), [])

        services.commit_inventory(order_ids=[first])
        assert (stock_of(shirt), list_inventory_findings()) == ((-4, 2), [])

        services.restock(receipts=[StockLine(variant_id=shirt.id, quantity=6)])
        services.commit_inventory(order_ids=[second])
        assert (stock_of(shirt), list_inventory_findings()) == ((2, 0), [])
        assert ledger_of(shirt) == [("restock", 6), ("sale", -3), ("sale", -2)]

    def test_given_up_owes_nothing(self, shirt):
        given_up = order(shirt, 3)

        services.release_inventory(order_ids=[given_up])

        assert (stock_of(shirt), list_inventory_findings()) == ((1, 0), [])

    def test_leaves_the_product_in_stock_and_tells_no_flip(self, shirt):
        order(shirt, 3)

        assert product_of(shirt).in_stock is True
        assert [kind for kind, _ in told()] == ["variant.stock_low"]

    def test_is_told_to_customers_while_nothing_is_left(self, shirt, client):
        assert stock_answer(client) == (1, True, False)

        order(shirt, 1)
        assert stock_answer(client) == (0, True, True)

        order(shirt, 3)
        assert stock_answer(client) == (0, True, True)

        services.restock(receipts=[StockLine(variant_id=shirt.id, quantity=4)])
        assert stock_answer(client) == (1, True, False)

    def test_is_none_of_a_product_that_nobody_counts(self, client):
        VariantFactory(
            product__slug="linen-shirt", product__track_inventory=False, inventory_quantity=0, allow_backorder=True
        )

        assert stock_answer(client) == (0, True, False)


@pytest.mark.usefixtures("own_cache")
class TestSwitchingOff:
    @pytest.mark.parametrize("model", ["productvariant", "product"])
    def test_waits_until_nothing_is_owed(self, office, shirt, model):
        order(shirt, 3)
        address = page(model, "change", shirt.id if model == "productvariant" else shirt.product_id)
        form = form_of(office, address)
        (switch,) = [name for name in form if name.endswith("allow_backorder")]
        del form[switch]

        refused = office.post(address, form)

        assert "Pieces owed to buyers: 2. Restock them first." in refused.content.decode()
        assert ProductVariant.objects.using("catalog").get(id=shirt.id).allow_backorder is True
        services.restock(receipts=[StockLine(variant_id=shirt.id, quantity=2)])
        assert office.post(address, form).status_code == 302
        assert ProductVariant.objects.using("catalog").get(id=shirt.id).allow_backorder is False
