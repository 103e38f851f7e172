"""What is told and shown of variants that run low."""

import pytest

from apps.catalog import services
from apps.catalog.contracts import StockLine
from apps.catalog.models import Product
from apps.catalog.selectors import list_low_stock
from apps.core.testing.statements import statements
from apps.core.testing.threads import at_once

from .factories import VariantFactory
from .office import page
from .stock import demand, told


def lows():
    return [(payload["sku"], payload["inventory_quantity"]) for kind, payload in told() if kind == "variant.stock_low"]


def reserve(*lines):
    order = demand(*lines)
    services.reserve_inventory(demands=[order])
    return order.order_id


def adjust(variant, quantity):
    services.adjust_inventory(changes=[services.StockChange(variant_id=variant.id, quantity=quantity)])


@pytest.mark.django_db(databases=["catalog"])
class TestStockLow:
    def test_is_told_when_the_threshold_is_reached_from_above(self):
        shirt = VariantFactory(sku="LS-BLUE", inventory_quantity=8)

        reserve((shirt, 2))
        assert lows() == []
        reserve((shirt, 1))

        assert told() == [
            (
                "variant.stock_low",
                {
                    "variant_id": str(shirt.id),
                    "product_id": str(shirt.product_id),
                    "sku": "LS-BLUE",
                    "inventory_quantity": 5,
                },
            )
        ]

    def test_is_not_told_again_until_it_rose_above(self):
        shirt = VariantFactory(sku="LS-BLUE", inventory_quantity=6)
        order = reserve((shirt, 2))
        reserve((shirt, 1))
        adjust(shirt, 2)
        reserve((shirt, 1))
        assert lows() == [("LS-BLUE", 4)]

        services.release_inventory(order_ids=[order])
        reserve((shirt, 3))

        assert lows() == [("LS-BLUE", 4), ("LS-BLUE", 3)]

    def test_is_told_of_what_is_missing_by_list_too(self):
        VariantFactory(sku="LS-BLUE", inventory_quantity=9)
        missing = [services.StockItem(sku="LS-BLUE", quantity=-2, reason="lost")] * 3

        services.adjust_items(items=missing, because=services.Because())

        assert lows() == [("LS-BLUE", 3)]

    def test_is_told_once_of_a_batch_of_orders_across_the_threshold(self):
        shirt = VariantFactory(sku="LS-BLUE", inventory_quantity=8)

        services.reserve_inventory(demands=[demand((shirt, 1)) for _ in range(6)])

        assert lows() == [("LS-BLUE", 2)]

    def test_is_not_told_of_stock_that_nobody_counts(self):
        shirt = VariantFactory(inventory_quantity=9, product__track_inventory=False)

        adjust(shirt, -8)

        assert lows() == []

    def test_costs_one_statement_for_any_number_and_none_where_nothing_crosses(self):
        shirts = VariantFactory.create_batch(5, inventory_quantity=10)
        with statements(catalog=3):
            reserve(*((shirt, 1) for shirt in shirts))

        with statements(catalog=4):
            reserve(*((shirt, 4) for shirt in shirts))

        assert len(lows()) == 5


@pytest.mark.django_db(databases=["catalog"], transaction=True)
class TestStockLowOfManyAtOnce:
    def test_is_told_exactly_once_for_each_time_it_ran_low(self):
        shirts = [VariantFactory(sku=sku, inventory_quantity=40) for sku in ("LS-BLUE", "LS-RED")]

        def buy():
            for _ in range(5):
                reserve(*((shirt, 1) for shirt in shirts))

        at_once(*(buy for _ in range(8)))
        assert sorted(lows()) == [("LS-BLUE", 5), ("LS-RED", 5)]

        services.restock(receipts=[StockLine(variant_id=shirt.id, quantity=40) for shirt in shirts])
        at_once(*(buy for _ in range(8)))
        assert sorted(lows()) == [("LS-BLUE", 5), ("LS-BLUE", 5), ("LS-RED", 5), ("LS-RED", 5)]

    def test_is_told_as_often_as_a_variant_passed_its_threshold_to_and_fro(self):
        shirt = VariantFactory(sku="LS-BLUE", inventory_quantity=6)

        def to_and_fro():
            for _ in range(10):
                services.release_inventory(order_ids=[reserve((shirt, 1))])

        at_once(*(to_and_fro for _ in range(4)))
        crossings = len(lows())
        reserve((shirt, 1))

        assert 1 <= crossings <= 40
        assert {left for _, left in lows()} == {5}
        assert len(lows()) == crossings + 1


@pytest.mark.django_db(databases=["accounts", "catalog", "orders"])
class TestLowStock:
    def test_lists_the_scarcest_variants_first(self):
        for sku, quantity in (("A", 5), ("B", 6), ("C", 0)):
            VariantFactory(sku=sku, product__name="Linen Shirt", title=sku, inventory_quantity=quantity)
        VariantFactory(inventory_quantity=0, is_active=False)
        VariantFactory(inventory_quantity=0, product__is_active=False)
        VariantFactory(inventory_quantity=0, product__track_inventory=False)

        with statements(catalog=1):
            low = list_low_stock(limit=10)

        assert [(one.title, one.sku, one.inventory_quantity, one.low_stock_threshold) for one in low] == [
            ("Linen Shirt, C", "C", 0, 5),
            ("Linen Shirt, A", "A", 5, 5),
        ]

    @pytest.mark.usefixtures("own_cache")
    def test_is_a_filter_of_the_back_office(self, office):
        VariantFactory(sku="SCARCE", inventory_quantity=5)
        VariantFactory(sku="AMPLE", inventory_quantity=6)
        VariantFactory(sku="OWED", inventory_quantity=-1, allow_backorder=True)
        Product.objects.using("catalog").filter(variants__sku="OWED").update(low_stock_threshold=-5)

        def shown(stock):
            answer = office.get(page("productvariant"), {"stock": stock}).content.decode()
            return [sku for sku in ("SCARCE", "AMPLE", "OWED") if sku in answer]

        assert (shown("low"), shown("out"), shown("owed")) == (["SCARCE"], ["OWED"], ["OWED"])
