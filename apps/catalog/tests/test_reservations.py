"""Holding, releasing and selling stock."""

from uuid import UUID

import pytest

from apps.catalog import services
from apps.catalog.contracts import Shortage, StockLine
from apps.core.ids import new_id
from apps.core.testing.statements import statements

from .factories import ProductFactory, VariantFactory
from .stock import demand, holds_of, ledger_of, product_of, stock_of, told

pytestmark = pytest.mark.django_db(databases=["catalog"])


class TestReserveInventory:
    def test_moves_the_pieces_from_sellable_to_held(self):
        shirt = VariantFactory(inventory_quantity=10)
        order = demand((shirt, 3))

        assert services.reserve_inventory(demands=[order]) == {}

        assert stock_of(shirt) == (7, 3)
        assert holds_of(order.order_id) == [(shirt.id, 3, "held")]
        assert product_of(shirt).inventory_quantity == 7

    def test_writes_no_movement_because_nothing_left_the_house(self):
        shirt = VariantFactory(inventory_quantity=10)

        services.reserve_inventory(demands=[demand((shirt, 3))])

        assert ledger_of(shirt) == []

    def test_holds_all_lines_of_an_order_or_none(self):
        shirt, trousers = VariantFactory(inventory_quantity=10), VariantFactory(inventory_quantity=1)
        order = demand((shirt, 2), (trousers, 2))

        shortages = services.reserve_inventory(demands=[order])

        assert shortages == {
            order.order_id: [
                Shortage(
                    variant_id=trousers.id,
                    requested=2,
                    available=1,
                    sku=trousers.sku,
                    title=f"{trousers.product.name}, {trousers.title}",
                )
            ]
        }
        assert stock_of(shirt) == (10, 0)
        assert stock_of(trousers) == (1, 0)
        assert holds_of(order.order_id) == []

    def test_lets_earlier_orders_of_the_batch_win_and_a_short_one_refuse_itself_only(self):
        shirt = VariantFactory(inventory_quantity=5)
        first, second, third = demand((shirt, 3)), demand((shirt, 3)), demand((shirt, 2))

        shortages = services.reserve_inventory(demands=[first, second, third])

        assert {order: [line.available for line in lines] for order, lines in shortages.items()} == {
            second.order_id: [2]
        }
        assert stock_of(shirt) == (0, 5)

    def test_names_a_variant_that_does_not_exist_as_short(self):
        unknown = new_id()
        order = services.Demand(order_id=new_id(), lines=(line_of(unknown),))

        shortages = services.reserve_inventory(demands=[order])

        assert shortages == {order.order_id: [Shortage(variant_id=unknown, requested=1, available=0)]}

    def test_delivered_twice_holds_once(self):
        shirt = VariantFactory(inventory_quantity=10)
        order = demand((shirt, 3))

        services.reserve_inventory(demands=[order])
        again = services.reserve_inventory(demands=[order, order])

        assert again == {}
        assert stock_of(shirt) == (7, 3)

    def test_named_twice_in_one_batch_holds_once(self):
        shirt = VariantFactory(inventory_quantity=10)
        order = demand((shirt, 3))

        assert services.reserve_inventory(demands=[order, order]) == {}

        assert stock_of(shirt) == (7, 3)

    def test_does_not_hold_again_what_was_released(self):
        shirt = VariantFactory(inventory_quantity=10)
        order = demand((shirt, 3))
        services.reserve_inventory(demands=[order])
        services.release_inventory(order_ids=[order.order_id])

        with pytest.raises(services.StockAlreadyReleased, match=str(order.order_id)):
            services.reserve_inventory(demands=[order])

    def test_goes_below_zero_where_back_orders_are_allowed(self):
        shirt = VariantFactory(inventory_quantity=1, allow_backorder=True)

        assert services.reserve_inventory(demands=[demand((shirt, 3))]) == {}

        assert stock_of(shirt) == (-2, 3)

    def test_holds_nothing_of_a_product_whose_stock_is_not_tracked(self):
        download = VariantFactory(product=ProductFactory(track_inventory=False), inventory_quantity=0)
        order = demand((download, 3))

        assert services.reserve_inventory(demands=[order]) == {}

        assert stock_of(download) == (0, 0)
        assert holds_of(order.order_id) == []

    def test_takes_three_statements_for_a_batch(self):
        shirts = VariantFactory.create_batch(5, inventory_quantity=100)
        orders = [demand(*((shirt, 1) for shirt in shirts)) for _ in range(20)]

        with statements(catalog=3):
            services.reserve_inventory(demands=orders)

    def test_tells_that_a_product_ran_out_and_only_then(self):
        shirt = VariantFactory(inventory_quantity=3)
        services.announce_flips(product_ids=[shirt.product_id])
        before = told()

        services.reserve_inventory(demands=[demand((shirt, 2))])
        assert told() == before
        services.reserve_inventory(demands=[demand((shirt, 1))])

        assert told()[len(before) :] == [
            ("product.stock_flipped", {"product_id": str(shirt.product_id), "in_stock": False})
        ]
        assert product_of(shirt).in_stock is False


class TestReleaseInventory:
    def test_gives_back_what_was_held(self):
        shirt = VariantFactory(inventory_quantity=10)
        order = demand((shirt, 3))
        services.reserve_inventory(demands=[order])

        services.release_inventory(order_ids=[order.order_id])

        assert stock_of(shirt) == (10, 0)
        assert holds_of(order.order_id) == [(shirt.id, 3, "released")]
        assert ledger_of(shirt) == []

    def test_delivered_twice_gives_back_once(self):
        shirt = VariantFactory(inventory_quantity=10)
        order = demand((shirt, 3))
        services.reserve_inventory(demands=[order])

        services.release_inventory(order_ids=[order.order_id])
        services.release_inventory(order_ids=[order.order_id])

        assert stock_of(shirt) == (10, 0)

    def test_leaves_what_is_sold(self):
        shirt = VariantFactory(inventory_quantity=10)
        order = demand((shirt, 3))
        services.reserve_inventory(demands=[order])
        services.commit_inventory(order_ids=[order.order_id])

        services.release_inventory(order_ids=[order.order_id])

        assert stock_of(shirt) == (7, 0)

    def test_takes_two_statements_for_a_batch(self):
        shirts = VariantFactory.create_batch(5, inventory_quantity=100)
        orders = [demand(*((shirt, 1) for shirt in shirts)) for _ in range(20)]
        services.reserve_inventory(demands=orders)

        with statements(catalog=2):
            services.release_inventory(order_ids=[order.order_id for order in orders])

    def test_tells_that_a_product_is_back(self):
        shirt = VariantFactory(inventory_quantity=1)
        services.announce_flips(product_ids=[shirt.product_id])
        order = demand((shirt, 1))
        services.reserve_inventory(demands=[order])

        services.release_inventory(order_ids=[order.order_id])

        assert [payload["in_stock"] for _, payload in told()] == [True, False, True]


class TestCommitInventory:
    def test_lets_what_is_held_leave_as_sold(self):
        shirt = VariantFactory(inventory_quantity=10)
        order = demand((shirt, 3))
        services.reserve_inventory(demands=[order])

        services.commit_inventory(order_ids=[order.order_id])

        assert stock_of(shirt) == (7, 0)
        assert holds_of(order.order_id) == [(shirt.id, 3, "sold")]
        assert ledger_of(shirt) == [("sale", -3)]

    def test_delivered_twice_sells_once(self):
        shirt = VariantFactory(inventory_quantity=10)
        order = demand((shirt, 3))
        services.reserve_inventory(demands=[order])

        services.commit_inventory(order_ids=[order.order_id])
        services.commit_inventory(order_ids=[order.order_id])

        assert stock_of(shirt) == (7, 0)
        assert ledger_of(shirt) == [("sale", -3)]

    def test_refuses_to_sell_what_was_given_back(self):
        shirt = VariantFactory(inventory_quantity=10)
        order = demand((shirt, 3))
        services.reserve_inventory(demands=[order])
        services.release_inventory(order_ids=[order.order_id])

        with pytest.raises(services.StockAlreadyReleased):
            services.commit_inventory(order_ids=[order.order_id])

    def test_takes_two_statements_for_a_batch(self):
        shirts = VariantFactory.create_batch(5, inventory_quantity=100)
        orders = [demand(*((shirt, 1) for shirt in shirts)) for _ in range(20)]
        services.reserve_inventory(demands=orders)

        with statements(catalog=2):
            services.commit_inventory(order_ids=[order.order_id for order in orders])

    def test_numbers_its_movements_in_order_of_time(self):
        shirt = VariantFactory(inventory_quantity=10)
        order = demand((shirt, 1))
        services.reserve_inventory(demands=[order])

        services.commit_inventory(order_ids=[order.order_id])

        sale = shirt.movements.using("catalog").get(movement_type="sale")
        assert sale.id.version == 7
        assert (sale.reference_id, sale.reference_type) == (order.order_id, "order")


def line_of(variant_id: UUID) -> StockLine:
    return StockLine(variant_id=variant_id, quantity=1)
