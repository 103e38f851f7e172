"""Whatever is done with stock at several places, in whatever order, adds up after each step."""

from contextlib import suppress

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.catalog import services
from apps.catalog.contracts import StockLine
from apps.catalog.selectors import list_inventory_findings

from .factories import VariantFactory
from .places import carry, levels_of, two_places
from .stock import demand, stock_of

pytestmark = pytest.mark.django_db(databases=["catalog"])

FEW = st.integers(1, 4)
WHICH = st.integers(0, 5)
PLACE = st.sampled_from(["lisbon", "porto", None])
OPERATIONS = st.one_of(
    st.tuples(st.just("hold"), FEW, FEW),
    st.tuples(st.just("release"), WHICH),
    st.tuples(st.just("sell"), WHICH),
    st.tuples(st.just("give_back"), WHICH),
    st.tuples(st.just("restock"), FEW, PLACE),
    st.tuples(st.just("adjust"), st.integers(-4, 4), PLACE),
    st.tuples(st.just("count"), st.integers(0, 6)),
    st.tuples(st.just("carry"), FEW, st.booleans()),
    st.tuples(st.just("reorder"), st.integers(0, 3)),
    st.tuples(st.just("close"), st.booleans()),
)


class Shop:
    """Two variants, one of which sells below zero, and what was done with them."""

    def __init__(self) -> None:
        two_places()
        self.shirt = VariantFactory(inventory_quantity=3)
        self.owed = VariantFactory(inventory_quantity=2, allow_backorder=True)
        self.orders: list[services.Demand] = []

    def order(self, which: int) -> list[services.Demand]:
        return self.orders[which : which + 1]

    def hold(self, shirts: int, owed: int) -> None:
        order = demand((self.shirt, shirts), (self.owed, owed))
        self.orders.insert(0, order)
        services.reserve_inventory(demands=[order])

    def release(self, which: int) -> None:
        services.release_inventory(order_ids=[order.order_id for order in self.order(which)])

    def sell(self, which: int) -> None:
        services.commit_inventory(order_ids=[order.order_id for order in self.order(which)])

    def give_back(self, which: int) -> None:
        for order in self.order(which):
            services.commit_inventory(order_ids=[order.order_id])
            sold = self.shirt.movements.using("catalog").filter(reference_id=order.order_id, movement_type="sale")
            if sold.exists():
                line = StockLine(variant_id=self.shirt.id, quantity=1)
                back = services.ReturnedGoods(order_id=order.order_id, return_id=order.order_id, note="", lines=(line,))
                services.restock_goods(returns=[back])

    def restock(self, quantity: int, place: str | None) -> None:
        services.restock_items(items=self.items(quantity, place), because=services.Because())

    def adjust(self, quantity: int, place: str | None) -> None:
        services.adjust_items(items=self.items(quantity, place), because=services.Because())

    def items(self, quantity: int, place: str | None) -> list[services.StockItem]:
        skus = (self.shirt.sku, self.owed.sku, self.shirt.sku)
        return [services.StockItem(sku=sku, quantity=quantity, location=place) for sku in skus]

    def count(self, quantity: int) -> None:
        services.set_inventory(levels=[services.StockLevel(variant_id=self.shirt.id, inventory_quantity=quantity)])

    def carry(self, quantity: int, is_back: bool) -> None:
        ways = ("porto", "lisbon") if is_back else ("lisbon", "porto")
        carry(self.owed, quantity, *ways)

    def reorder(self, priority: int) -> None:
        services.change_location(code="porto", fields={"priority": priority})

    def close(self, is_open: bool) -> None:
        services.change_location(code="porto", fields={"is_active": is_open})

    def do(self, name: str, *given: object) -> None:
        """Do it whole, or be refused."""
        refusals = suppress(services.StockAlreadyReleased, services.LocationInUse, services.LocationNotFound)
        with refusals, transaction.atomic(using="catalog"):
            getattr(self, name)(*given)


class TestStockAtPlaces:
    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(operations=st.lists(OPERATIONS, min_size=4, max_size=14), locate_at=st.integers(0, 4))
    def test_adds_up_after_each_step(self, operations, locate_at):
        with transaction.atomic(using="catalog"):
            shop = Shop()
            for number, operation in enumerate(operations):
                if number == locate_at:
                    services.locate_stock()
                shop.do(*operation)

                assert list_inventory_findings() == []
                for free, _ in levels_of(shop.shirt).values():
                    assert free >= 0
                assert stock_of(shop.shirt)[0] >= 0
            transaction.set_rollback(True, using="catalog")
