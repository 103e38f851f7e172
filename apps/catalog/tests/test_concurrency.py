"""Many at once, in real threads with real commits."""

import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from threading import Barrier

import pytest
from django.db import connections, transaction

from apps.catalog import services
from apps.catalog.contracts import Shortage
from apps.catalog.models import Category, InventoryReservation, ProductVariant
from apps.catalog.selectors import list_inventory_findings
from apps.core.testing.threads import at_once

from .broken import Broken
from .factories import CategoryFactory, ProductFactory, VariantFactory
from .places import carry, levels_of, located, two_places
from .shelves import astray
from .stock import demand, ledger_of, product_of, stock_of

pytestmark = pytest.mark.django_db(databases=["catalog"], transaction=True)


def reserving(demands: Sequence[services.Demand]) -> Callable[[], object]:
    return lambda: services.reserve_inventory(demands=demands)


class TestReserveInventory:
    def test_sells_exactly_the_stock_to_32_buyers_of_the_last_10(self):
        shirt = VariantFactory(inventory_quantity=10)

        shortages = at_once(*(reserving([demand((shirt, 1))]) for _ in range(32)))

        assert sorted(len(short) for short in shortages) == [0] * 10 + [1] * 22
        assert stock_of(shirt) == (0, 10)
        assert product_of(shirt).in_stock is False
        assert list_inventory_findings() == []

    def test_of_overlapping_batches_in_opposite_order_never_deadlocks(self):
        shirts = [
            VariantFactory(product=product, inventory_quantity=10_000)
            for product in ProductFactory.create_batch(3)
            for _ in range(2)
        ]

        def batches(variants: Sequence[ProductVariant]) -> None:
            for _ in range(40):
                services.reserve_inventory(demands=[demand(*((variant, 1) for variant in variants))])

        at_once(lambda: batches(shirts), lambda: batches(shirts[::-1]), lambda: batches(shirts[::2] + shirts[1::2]))

        assert [stock_of(shirt) for shirt in shirts] == [(9_880, 120)] * 6
        assert list_inventory_findings() == []

    def test_of_one_order_by_two_workers_holds_once(self):
        shirt = VariantFactory(inventory_quantity=10)
        order = demand((shirt, 2))

        at_once(*(reserving([order]) for _ in range(4)))

        assert stock_of(shirt) == (8, 2)


class TestTwoPlaces:
    def test_serve_32_buyers_exactly_while_goods_come_and_are_carried(self):
        two_places()
        shirt = located(30, 10)
        orders = [demand((shirt, number % 3 + 1)) for number in range(26)]

        def buy(order: services.Demand, *, is_sold: bool) -> None:
            services.reserve_inventory(demands=[order])
            (services.commit_inventory if is_sold else services.release_inventory)(order_ids=[order.order_id])

        def receive() -> None:
            arrived = services.StockItem(sku=shirt.sku, quantity=1, location="porto")
            services.restock_items(items=[arrived], because=services.Because())

        at_once(
            *(partial(buy, order, is_sold=number % 2 == 0) for number, order in enumerate(orders)),
            *(partial(carry, shirt, 2, *way) for way in (("lisbon", "porto"), ("porto", "lisbon"))),
            receive,
            receive,
            partial(services.change_location, code="porto", fields={"priority": 0}),
            partial(services.change_location, code="porto", fields={"is_active": False}),
        )

        sold = -sum(quantity for kind, quantity in ledger_of(shirt) if kind == "sale")
        assert stock_of(shirt) == (42 - sold, 0)
        assert sum(free for free, _ in levels_of(shirt).values()) == 42 - sold
        assert list_inventory_findings() == []

    def test_sell_the_last_pieces_of_both_exactly_once(self):
        two_places()
        shirt = located(6, 5)

        shortages = at_once(*(reserving([demand((shirt, 1))]) for _ in range(32)))

        assert sorted(len(short) for short in shortages) == [0] * 11 + [1] * 21
        assert levels_of(shirt) == {"lisbon": (0, 6), "porto": (0, 5)}
        assert list_inventory_findings() == []

    def test_get_their_first_stock_while_orders_hold_it(self):
        two_places()
        shirt = VariantFactory(inventory_quantity=20)

        at_once(*(reserving([demand((shirt, 1))]) for _ in range(28)), *(services.locate_stock for _ in range(4)))

        assert levels_of(shirt) == {"lisbon": (0, 20)}
        assert list_inventory_findings() == []


class TestOneVariant:
    def test_with_1000_pieces_is_sold_exactly_1000_times_to_32_clients_with_2270_orders(self, capsys):
        shirt = VariantFactory(inventory_quantity=1_000)
        orders = deque(demand((shirt, 1)) for _ in range(2_270))
        refused: list[Shortage] = []

        def buy() -> None:
            while orders:
                with suppress(IndexError):
                    order = orders.pop()
                    if short := services.reserve_inventory(demands=[order]):
                        refused.extend(short[order.order_id])
                    else:
                        services.commit_inventory(order_ids=[order.order_id])
                    # As a request does at its end: there are fewer lines to the database than clients.
                    connections["catalog"].close()

        began = time.perf_counter()
        at_once(*(buy for _ in range(32)))
        seconds = time.perf_counter() - began

        with capsys.disabled():
            print(f"\n2,270 orders of 32 clients for 1,000 pieces, each held and sold alone: {seconds:.1f} s")
        assert (stock_of(shirt), product_of(shirt).in_stock) == ((0, 0), False)
        assert ledger_of(shirt) == [("sale", -1)] * 1_000
        assert [(line.requested, line.available) for line in refused] == [(1, 0)] * 1_270
        assert list(InventoryReservation.objects.using("catalog").values_list("state", flat=True)) == ["sold"] * 1_000
        assert list_inventory_findings() == []


class TestSaleAndRelease:
    def test_of_different_orders_keep_the_equations(self):
        shirts = VariantFactory.create_batch(4, inventory_quantity=1_000)
        orders = [demand(*((shirt, 1) for shirt in shirts)) for _ in range(40)]
        services.reserve_inventory(demands=orders)
        ids = [order.order_id for order in orders]

        at_once(
            *(lambda part=part: services.commit_inventory(order_ids=ids[part:20:2]) for part in (0, 1)),
            *(lambda part=part: services.release_inventory(order_ids=ids[20 + part :: 2]) for part in (0, 1)),
            reserving([demand(*((shirt, 5) for shirt in reversed(shirts)))]),
        )

        assert [stock_of(shirt) for shirt in shirts] == [(975, 5)] * 4
        assert ledger_of(shirts[0]) == [("sale", -1)] * 20
        assert list_inventory_findings() == []

    def test_of_one_order_by_two_workers_sells_once(self):
        shirt = VariantFactory(inventory_quantity=10)
        order = demand((shirt, 2))
        services.reserve_inventory(demands=[order])

        at_once(*(lambda: services.commit_inventory(order_ids=[order.order_id]) for _ in range(4)))

        assert stock_of(shirt) == (8, 0)
        assert ledger_of(shirt) == [("sale", -2)]


class TestProductTotals:
    def test_follow_variants_changed_at_once(self):
        product = ProductFactory()
        shirts = [VariantFactory(product=product, inventory_quantity=100) for _ in range(4)]

        at_once(*(reserving([demand((shirt, 1)) for _ in range(25)]) for shirt in shirts))

        assert product_of(shirts[0]).inventory_quantity == 300


class TestCategoryTree:
    def test_lets_no_circle_close_by_two_moves_at_once(self):
        clothes, sale = CategoryFactory(), CategoryFactory()
        moved = Barrier(2)

        def move(category: Category, below: Category) -> str | None:
            with Broken() as broken, transaction.atomic(using="catalog"):
                moved.wait(timeout=30)
                Category.objects.using("catalog").filter(id=category.id).update(parent=below)
            return broken.name

        broken = at_once(lambda: move(clothes, sale), lambda: move(sale, clothes))

        assert sorted(broken, key=str) == [None, "category_tree_has_no_cycle"]

    def test_refuses_the_second_of_two_moves_that_would_close_a_circle(self):
        clothes, sale = CategoryFactory(), CategoryFactory()

        moves = at_once(
            lambda: services.move_category(category_id=clothes.id, parent_id=sale.id),
            lambda: services.move_category(category_id=sale.id, parent_id=clothes.id),
        )

        assert sorted(type(move).__name__ for move in moves) == ["CategoryBelowItself", "NoneType"]
        assert astray() == []

    def test_hides_what_is_put_below_a_category_that_is_just_being_deactivated(self):
        clothes = CategoryFactory()
        shirts = CategoryFactory(parent=clothes)
        deactivated = Barrier(2)

        def deactivate() -> None:
            with transaction.atomic(using="catalog"):
                Category.objects.using("catalog").filter(id=clothes.id).update(is_active=False)
                deactivated.wait(timeout=30)
                # Long enough for the other to write its row, if nothing held it up.
                time.sleep(0.3)

        def put_below() -> None:
            deactivated.wait(timeout=30)
            CategoryFactory(parent=shirts)

        at_once(deactivate, put_below)

        assert astray() == []

    def test_keeps_the_ancestors_of_branches_that_move_at_once(self):
        roots = CategoryFactory.create_batch(3)
        shelves = [CategoryFactory(parent=root) for root in roots for _ in range(2)]
        shelves += [CategoryFactory(parent=shelf) for shelf in shelves]

        def shuffle(step: int) -> None:
            for n in range(12):
                services.move_category(
                    category_id=shelves[(n * step) % 6].id, parent_id=roots[(n + step) % 3].id if n % 4 else None
                )

        at_once(*(lambda step=step: shuffle(step) for step in (1, 5, 7)))

        assert astray() == []
