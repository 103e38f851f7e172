"""`manage.py check_inventory` and the audit behind it."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from apps.catalog import services
from apps.catalog.models import InventoryMovement, InventoryReservation, Product
from apps.catalog.selectors import Finding, list_inventory_findings

from .factories import ProductFactory, VariantFactory
from .stock import change, demand

pytestmark = pytest.mark.django_db(databases=["catalog"])


@pytest.fixture
def shirt():
    return VariantFactory(inventory_quantity=10)


class TestAuditInventory:
    def test_finds_nothing_after_ordinary_business(self, shirt):
        sold, released, held = demand((shirt, 3)), demand((shirt, 2)), demand((shirt, 1))
        services.reserve_inventory(demands=[sold, released, held])
        services.commit_inventory(order_ids=[sold.order_id])
        services.release_inventory(order_ids=[released.order_id])
        services.adjust_inventory(changes=[services.StockChange(variant_id=shirt.id, quantity=-1)])

        assert list_inventory_findings() == []

    def test_finds_stock_that_no_movement_explains(self, shirt):
        change(shirt, inventory_quantity=12)

        assert list_inventory_findings() == [Finding("ledger", shirt.id, shirt.sku, "10", "12")]

    def test_finds_held_pieces_that_no_order_holds(self, shirt):
        change(shirt, inventory_quantity=8, reserved_quantity=2)

        assert list_inventory_findings() == [Finding("reserved", shirt.id, shirt.sku, "0", "2")]

    def test_finds_totals_that_differ_from_the_variants(self, shirt):
        Product.objects.using("catalog").filter(id=shirt.product_id).update(inventory_quantity=9, in_stock=False)

        assert list_inventory_findings() == [
            Finding(
                "product",
                shirt.product_id,
                shirt.product.sku,
                "10 pieces, 1 variants, in stock: t",
                "9 pieces, 1 variants, in stock: f",
            )
        ]

    def test_finds_a_product_without_variants(self):
        product = ProductFactory()

        assert list_inventory_findings() == [Finding("no variant", product.id, product.sku, "1 or more", "0")]

    def test_finds_a_sale_without_its_movement(self, shirt):
        order = demand((shirt, 3))
        services.reserve_inventory(demands=[order])
        InventoryReservation.objects.using("catalog").update(state="sold")
        change(shirt, reserved_quantity=0)
        InventoryMovement.objects.using("catalog").update(quantity=7)

        assert list_inventory_findings() == [Finding("unsold", shirt.id, str(order.order_id), "-3", "0")]


class TestCheckInventory:
    def test_says_that_the_stock_adds_up(self, shirt):
        said = StringIO()

        call_command("check_inventory", stdout=said)

        assert said.getvalue() == "The stock adds up.\n"

    def test_names_each_offender_and_ends_with_1(self, shirt):
        change(shirt, inventory_quantity=12)
        said = StringIO()

        with pytest.raises(CommandError, match="does not add up: 1 found") as refused:
            call_command("check_inventory", stdout=said)

        assert refused.value.returncode == 1
        assert str(shirt.id) in said.getvalue()

    def test_prints_json(self, shirt):
        change(shirt, inventory_quantity=12)
        said = StringIO()

        with pytest.raises(CommandError):
            call_command("check_inventory", "--json", stdout=said)

        assert json.loads(said.getvalue()) == [
            {"kind": "ledger", "id": str(shirt.id), "sku": shirt.sku, "expected": "10", "found": "12"}
        ]
