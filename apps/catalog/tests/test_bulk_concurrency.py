"""Bulk changes, sales and undoing at once, in real threads with real commits."""

import time
from decimal import Decimal
from threading import Barrier

import pytest
from django.db import transaction

from apps.catalog import services
from apps.catalog.selectors import list_inventory_findings
from apps.catalog.services import Activation, Repricing, Target
from apps.core.testing.threads import at_once

from .bulk import change, items_of, prices_of, said, shown, to
from .factories import ProductFactory, VariantFactory
from .stock import demand, stock_of

pytestmark = pytest.mark.django_db(databases=["catalog"], transaction=True)


class TestChangePrices:
    def test_of_overlapping_variants_while_they_are_sold_and_switched_never_deadlocks(self):
        products = ProductFactory.create_batch(4)
        shirts = [VariantFactory(product=product, inventory_quantity=1_000) for product in products for _ in range(2)]

        def price(variants, first):
            for n in range(25):
                made = change(*(to(variant, first + n) for variant in variants))
                assert said(made.items) == [("changed", 1)] * len(variants)

        def sell(variants):
            for _ in range(25):
                services.reserve_inventory(demands=[demand(*((variant, 1) for variant in variants))])

        def switch():
            for n in range(25):
                slugs = [Target(slug=product.slug) for product in reversed(products)]
                skus = [Target(sku=shirt.sku) for shirt in shirts[::3]]
                services.set_active(
                    changes=[Activation(target=target, is_active=bool(n % 2)) for target in (*skus, *slugs)]
                )

        at_once(
            lambda: price(shirts[:6], 100),
            lambda: price(shirts[:1:-1], 200),
            lambda: sell(shirts[::-1]),
            switch,
        )

        # Each ends with its last price where the other does not come by, and with either's where both do.
        prices = prices_of(*shirts)
        assert (prices[:2], prices[6:]) == ([Decimal(124)] * 2, [Decimal(224)] * 2)
        assert set(prices[2:6]) <= {Decimal(124), Decimal(224)}
        assert len(set(prices[2:6])) == 1
        assert [stock_of(shirt) for shirt in shirts] == [(975, 25)] * 8
        assert [shown(shirt)[0] for shirt in shirts] == prices
        assert list_inventory_findings() == []

    def test_that_comes_last_wins_and_writes_down_the_price_it_found(self):
        shirt = VariantFactory(price=Decimal(49))
        priced = Barrier(2)

        def first():
            with transaction.atomic(using="catalog"):
                change(to(shirt, "40"))
                priced.wait(timeout=30)
                # Long enough for the other to reach the row and wait there.
                time.sleep(0.3)

        def second():
            priced.wait(timeout=30)
            return change(to(shirt, percent=Decimal(10)))

        _, made = at_once(first, second)

        assert prices_of(shirt) == [Decimal(44)]
        assert items_of(made.change_id) == [(shirt.id, Decimal(40), Decimal(44), None)]

    def test_of_two_variants_leaves_their_product_the_cheaper_one(self):
        blue = VariantFactory(price=Decimal(49))
        red = VariantFactory(product=blue.product, price=Decimal(49))
        priced = Barrier(2)

        def cheapen(variant, price):
            with transaction.atomic(using="catalog"):
                priced.wait(timeout=30)
                change(to(variant, price))
                time.sleep(0.2)

        at_once(lambda: cheapen(blue, "30"), lambda: cheapen(red, "20"))

        assert shown(blue)[0] == Decimal(20)


class TestUndoPriceChange:
    def test_by_two_at_once_puts_the_prices_back_once(self):
        shirts = VariantFactory.create_batch(20)
        made = change(*(to(shirt, "40") for shirt in shirts))

        undone = at_once(*(lambda: services.undo_price_change(change_id=made.change_id, actor_id=None),) * 4)

        assert sorted(type(one).__name__ for one in undone) == ["PriceChangeIsUndone"] * 3 + ["UndonePrices"]
        assert prices_of(*shirts) == [Decimal(49)] * 20

    def test_while_prices_change_restores_a_variant_or_names_it(self):
        shirts = VariantFactory.create_batch(30)
        made = change(*(to(shirt, "40") for shirt in shirts))
        others = [Repricing(target=Target(variant_id=shirt.id), price=Decimal(45)) for shirt in shirts[::-2]]

        undone, _ = at_once(
            lambda: services.undo_price_change(change_id=made.change_id, actor_id=None),
            lambda: change(*others),
        )

        left = {item.variant_id for item in undone.left}
        assert left in (set(), {shirt.id for shirt in shirts[::-2]})
        assert prices_of(*shirts[::-2]) == [Decimal(45)] * 15
        assert prices_of(*shirts[::2]) == [Decimal(49)] * 15
