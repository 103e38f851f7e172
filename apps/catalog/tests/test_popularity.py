"""What is sold becomes popular, and less so as time passes."""

from datetime import UTC, datetime, timedelta
from math import log2
from threading import Event, Thread
from time import sleep

import pytest
from django.db import connections, transaction

from apps.catalog import services, tasks
from apps.catalog.contracts import StockLine
from apps.catalog.models import InventoryMovement, Product
from apps.catalog.selectors.popularity import HALF_LIFE, weight_at
from apps.core.ids import first_id_of
from apps.core.testing.statements import statements

from .factories import VariantFactory
from .searching import found, shop
from .stock import demand, product_of

pytestmark = pytest.mark.django_db(databases=["catalog"])
MAY = datetime(2026, 5, 4, tzinfo=UTC)
SALES = iter(range(1_000_000))


def sell(variant, pieces=1, at=MAY):
    """Put a sale of some day into the ledger."""
    number = first_id_of(at).int + next(SALES)
    InventoryMovement.objects.using("catalog").create(
        id=f"{number:032x}", product_variant=variant, movement_type="sale", quantity=-pieces, created_at=at
    )


def place_of(variant):
    """Where the row of a variant's product stands: it moves when it is written."""
    with connections["catalog"].cursor() as cursor:
        cursor.execute("SELECT ctid::text FROM products WHERE id = %s", [variant.product_id])
        return cursor.fetchone()


def score_of(variant):
    return product_of(variant).popularity_score


class TestCountSales:
    def test_counts_the_pieces_of_all_variants(self):
        blue = VariantFactory()
        red = VariantFactory(product=blue.product)
        sell(blue, 3)
        sell(red, 5)

        assert services.count_sales() == 2

        assert score_of(blue) == pytest.approx(weight_at(MAY) + log2(8))

    def test_adds_to_what_was_counted_before(self):
        shirt = VariantFactory()
        sell(shirt, 3)
        sell(shirt, 5, at=MAY + timedelta(minutes=1))

        assert services.count_sales(batch=1) == 2

        assert score_of(shirt) == pytest.approx(weight_at(MAY) + log2(8), abs=1e-4)

    def test_counts_a_sale_once_however_often_it_is_called(self):
        shirt = VariantFactory(inventory_quantity=10)
        order = demand((shirt, 2))
        services.reserve_inventory(demands=[order])
        for _ in range(2):
            services.commit_inventory(order_ids=[order.order_id])
        sleep(0.002)

        counted = [services.count_sales(), services.count_sales()]

        assert counted == [1, 0]
        assert score_of(shirt) == pytest.approx(weight_at(datetime.now(UTC)) + 1, abs=1e-3)

    def test_counts_batch_by_batch(self):
        shirt, hat = VariantFactory(), VariantFactory()
        for day in range(3):
            sell(shirt, at=MAY + timedelta(seconds=day))
            sell(hat, at=MAY + timedelta(seconds=day))

        assert services.count_sales(batch=2) == 6

        assert score_of(shirt) == pytest.approx(weight_at(MAY) + log2(3), abs=1e-4)
        assert score_of(hat) == pytest.approx(score_of(shirt), abs=1e-4)

    def test_lets_a_piece_be_worth_half_after_a_half_life(self):
        old, new = VariantFactory(), VariantFactory()
        sell(old, 7)
        sell(new, 4, at=MAY + HALF_LIFE)

        services.count_sales()

        assert score_of(new) - score_of(old) == pytest.approx(1 + log2(4 / 7))

    def test_counts_no_restock_and_no_adjustment(self):
        shirt = VariantFactory()
        services.restock(receipts=[StockLine(variant_id=shirt.id, quantity=5)])
        sleep(0.002)

        assert services.count_sales() == 0
        assert score_of(shirt) == 0

    def test_leaves_the_time_of_change_and_other_products_alone(self):
        shirt, hat = VariantFactory(), VariantFactory()
        sell(shirt)
        products = Product.objects.using("catalog")
        products.update(updated_at=MAY, popularity_score=1)
        place = place_of(hat)

        services.count_sales()
        services.move_search_tiers(popular=1)

        assert place_of(hat) == place
        assert product_of(shirt).search_tier == 0
        assert set(products.values_list("updated_at", flat=True)) == {MAY}

    def test_takes_four_statements_a_batch_and_two_the_first_time(self):
        for shirt in VariantFactory.create_batch(5):
            sell(shirt)

        with statements(catalog=2 + 4):
            services.count_sales()
        with statements(catalog=1 + 4):
            services.count_sales()

    def test_runs_by_beat(self):
        shirt = VariantFactory()
        sell(shirt)

        tasks.count_sales()

        assert score_of(shirt) == pytest.approx(weight_at(MAY))


@pytest.mark.django_db(databases=["catalog"], transaction=True)
class TestOpenSales:
    def test_are_counted_once_they_are_committed_though_later_ones_were_before(self):
        slow, quick = VariantFactory(), VariantFactory()
        orders = [demand((slow, 1)), demand((quick, 1))]
        services.reserve_inventory(demands=orders)
        sold, go_on = Event(), Event()

        def sell_slowly():
            with transaction.atomic(using="catalog"):
                services.commit_inventory(order_ids=[orders[0].order_id])
                sold.set()
                go_on.wait(10)
            connections.close_all()

        seller = Thread(target=sell_slowly)
        seller.start()
        sold.wait(10)
        services.commit_inventory(order_ids=[orders[1].order_id])
        before = services.count_sales()
        go_on.set()
        seller.join()
        sleep(0.002)

        assert (before, services.count_sales(), services.count_sales()) == (0, 2, 0)
        assert score_of(slow) > 0
        assert score_of(quick) > 0


class TestSearch:
    def test_puts_what_sold_lately_before_what_sold_long_ago(self):
        names = ["Linen Shirt Ada", "Linen Shirt Bea", "Linen Shirt Cleo"]
        ada, bea, _ = (VariantFactory(product=product) for product in shop(*names))
        now = datetime.now(UTC) - timedelta(minutes=1)
        sell(ada, 20, at=now - timedelta(days=400))
        sell(bea, 20, at=now)

        services.count_sales()

        assert found("linen shirt")[0] == "Linen Shirt Bea"
