"""Physical stock arriving, coming back, and being counted."""

import pytest

from apps.catalog import services
from apps.catalog.contracts import StockLine
from apps.catalog.models import InventoryMovement
from apps.core.ids import new_id

from .factories import VariantFactory
from .stock import demand, ledger_of, product_of, stock_of, told

pytestmark = pytest.mark.django_db(databases=["catalog"])


class TestRestock:
    def test_adds_to_what_can_be_sold_and_to_the_ledger(self):
        shirt, trousers = VariantFactory(inventory_quantity=1), VariantFactory(inventory_quantity=0)

        services.restock(
            receipts=[
                StockLine(variant_id=shirt.id, quantity=4),
                StockLine(variant_id=trousers.id, quantity=2),
                StockLine(variant_id=shirt.id, quantity=5),
            ]
        )

        assert (stock_of(shirt), stock_of(trousers)) == ((10, 0), (2, 0))
        assert ledger_of(shirt) == [("restock", 4), ("restock", 5)]
        assert ledger_of(trousers) == [("restock", 2)]

    def test_notes_the_document_and_the_person(self):
        shirt = VariantFactory()
        delivery, clerk = new_id(), new_id()
        because = services.Because(
            reference_id=delivery, reference_type="purchase_order", user_id=clerk, notes="pallet 3"
        )

        services.restock(receipts=[StockLine(variant_id=shirt.id, quantity=4)], because=because)

        movement = InventoryMovement.objects.using("catalog").get(movement_type="restock")
        assert (movement.reference_id, movement.reference_type) == (delivery, "purchase_order")
        assert (movement.created_by, movement.notes) == (clerk, "pallet 3")

    def test_takes_in_nothing_when_one_variant_is_unknown(self):
        shirt = VariantFactory(inventory_quantity=1)
        unknown = new_id()

        with pytest.raises(services.VariantNotFound, match=str(unknown)):
            services.restock(
                receipts=[StockLine(variant_id=shirt.id, quantity=4), StockLine(variant_id=unknown, quantity=4)]
            )

        assert stock_of(shirt) == (1, 0)
        assert ledger_of(shirt) == []

    def test_tells_that_a_product_is_back(self):
        shirt = VariantFactory(inventory_quantity=0)

        services.restock(receipts=[StockLine(variant_id=shirt.id, quantity=1)])

        assert told() == [("product.stock_flipped", {"product_id": str(shirt.product_id), "in_stock": True})]


class TestAdjustInventory:
    def test_takes_what_is_missing(self):
        shirt = VariantFactory(inventory_quantity=10)

        services.adjust_inventory(changes=[services.StockChange(variant_id=shirt.id, quantity=-4)])

        assert stock_of(shirt) == (6, 0)
        assert ledger_of(shirt) == [("adjustment", -4)]

    def test_refuses_to_take_more_than_can_be_sold(self):
        shirt = VariantFactory(inventory_quantity=10)
        services.reserve_inventory(demands=[demand((shirt, 8))])

        with pytest.raises(services.StockCannotBeNegative, match=rf"{shirt.sku}\) has 2 left to sell; 3 cannot leave"):
            services.adjust_inventory(changes=[services.StockChange(variant_id=shirt.id, quantity=-3)])

        assert stock_of(shirt) == (2, 8)
        assert ledger_of(shirt) == []

    def test_writes_nothing_for_no_change(self):
        shirt = VariantFactory(inventory_quantity=10)

        services.adjust_inventory(changes=[services.StockChange(variant_id=shirt.id, quantity=0)])

        assert ledger_of(shirt) == []


class TestSetInventory:
    def test_writes_the_difference_to_what_was_counted(self):
        shirt, trousers, socks = VariantFactory.create_batch(3, inventory_quantity=10)
        services.reserve_inventory(demands=[demand((shirt, 4))])

        changed = services.set_inventory(
            levels=[
                services.StockLevel(variant_id=shirt.id, inventory_quantity=9),
                services.StockLevel(variant_id=trousers.id, inventory_quantity=10),
                services.StockLevel(variant_id=socks.id, inventory_quantity=0),
            ]
        )

        assert changed == 2
        assert [stock_of(variant) for variant in (shirt, trousers, socks)] == [(9, 4), (10, 0), (0, 0)]
        assert ledger_of(shirt) == [("adjustment", 3)]
        assert ledger_of(trousers) == []
        assert product_of(socks).in_stock is False

    def test_twice_changes_nothing_the_second_time(self):
        shirt = VariantFactory(inventory_quantity=10)
        levels = [services.StockLevel(variant_id=shirt.id, inventory_quantity=4)]

        assert services.set_inventory(levels=levels) == 1
        assert services.set_inventory(levels=levels) == 0

        assert ledger_of(shirt) == [("adjustment", -6)]
