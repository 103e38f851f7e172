"""Goods that come back: into stock once, and into the ledger as what they are."""

from uuid import UUID

import pytest

from apps.catalog import contracts, handlers, services
from apps.catalog.contracts import StockLine
from apps.catalog.models import InventoryMovement, ProductVariant
from apps.catalog.selectors import list_inventory_findings
from apps.core.ids import new_id
from apps.core.testing.statements import statements

from .factories import ProductFactory, VariantFactory
from .stock import demand, ledger_of, stock_of, told

pytestmark = pytest.mark.django_db(databases=["catalog"])


def sold(*lines: tuple[ProductVariant, int]) -> UUID:
    """An order whose pieces left as sold."""
    order = demand(*lines)
    services.reserve_inventory(demands=[order])
    services.commit_inventory(order_ids=[order.order_id])
    return order.order_id


def back(order_id: UUID, *lines: tuple[ProductVariant, int]) -> contracts.RestockGoods:
    """The command that takes pieces of an order back."""
    stock = tuple(StockLine(variant_id=variant.id, quantity=quantity) for variant, quantity in lines)
    return contracts.RestockGoods(order_id=order_id, return_id=new_id(), note="RET-100001", lines=stock)


class TestRestockGoods:
    def test_takes_goods_of_a_batch_back_in_two_statements(self):
        shirt, socks = VariantFactory(inventory_quantity=4), VariantFactory(inventory_quantity=5)
        first, second = sold((shirt, 2), (socks, 1)), sold((shirt, 1))

        with statements(catalog=2):
            replies = handlers.restock_goods([back(first, (shirt, 1), (socks, 1)), back(second, (shirt, 1))])

        assert replies == [contracts.GoodsRestocked(), contracts.GoodsRestocked()]
        assert (stock_of(shirt), stock_of(socks)) == ((3, 0), (5, 0))
        assert ledger_of(shirt) == [("return", 1), ("return", 1), ("sale", -2), ("sale", -1)]

    def test_names_the_order_and_the_return(self):
        shirt = VariantFactory(inventory_quantity=1)
        order_id = sold((shirt, 1))

        handlers.restock_goods([back(order_id, (shirt, 1))])

        movement = InventoryMovement.objects.using("catalog").get(movement_type="return")
        assert (movement.reference_id, movement.reference_type, movement.notes) == (order_id, "order", "RET-100001")

    def test_delivered_twice_acts_once(self):
        shirt = VariantFactory(inventory_quantity=2)
        command = back(sold((shirt, 2)), (shirt, 1))

        assert [handlers.restock_goods([command]) for _ in range(2)] == [[contracts.GoodsRestocked()]] * 2
        assert (stock_of(shirt), ledger_of(shirt)) == ((1, 0), [("return", 1), ("sale", -2)])

    def test_takes_each_return_of_an_order(self):
        shirt = VariantFactory(inventory_quantity=2)
        order_id = sold((shirt, 2))

        handlers.restock_goods([back(order_id, (shirt, 1))])
        handlers.restock_goods([back(order_id, (shirt, 1))])

        assert stock_of(shirt) == (2, 0)

    def test_tells_that_a_product_is_back(self):
        shirt = VariantFactory(inventory_quantity=1)
        order_id = sold((shirt, 1))

        handlers.restock_goods([back(order_id, (shirt, 1))])

        assert told()[-1] == ("product.stock_flipped", {"product_id": str(shirt.product_id), "in_stock": True})

    def test_leaves_out_what_has_no_stock(self):
        shirt = VariantFactory(inventory_quantity=1)
        voucher = VariantFactory(product=ProductFactory(track_inventory=False), inventory_quantity=0)
        gone = VariantFactory.build()
        order_id = sold((shirt, 1))

        assert handlers.restock_goods([back(order_id, (gone, 1), (voucher, 1), (shirt, 1))]) == [
            contracts.GoodsRestocked()
        ]
        assert (stock_of(shirt), stock_of(voucher), ledger_of(voucher)) == ((1, 0), (0, 0), [])

    def test_of_damaged_goods_alone_moves_nothing(self):
        assert handlers.restock_goods([back(new_id())]) == [contracts.GoodsRestocked()]


class TestInventory:
    def test_adds_up_with_returns(self):
        shirt = VariantFactory(inventory_quantity=3)
        order_id = sold((shirt, 2))

        handlers.restock_goods([back(order_id, (shirt, 2))])

        assert list_inventory_findings() == []

    def test_names_an_order_of_which_more_came_back_than_left(self):
        shirt = VariantFactory(inventory_quantity=3)
        order_id = sold((shirt, 2))

        handlers.restock_goods([back(order_id, (shirt, 2)), back(order_id, (shirt, 1))])

        assert [(f.kind, f.id, f.sku, f.expected, f.found) for f in list_inventory_findings()] == [
            ("returned", shirt.id, str(order_id), "at most 2", "3")
        ]
