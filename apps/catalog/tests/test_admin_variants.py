"""Variants and their stock in the back office."""

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from apps.catalog import services

from .factories import VariantFactory
from .office import form_of, page, queries
from .stock import demand, holds_of, ledger_of, stock_of

pytestmark = [pytest.mark.django_db(databases=["accounts", "catalog", "orders"]), pytest.mark.usefixtures("own_cache")]


class TestVariantPage:
    def test_lets_the_product_show_the_new_price(self, office):
        shirt = VariantFactory(price="20.00")
        address = page("productvariant", "change", shirt.id)

        assert office.post(address, form_of(office, address) | {"price": "15.50"}).status_code == 302

        shirt.product.refresh_from_db(using="catalog")
        assert str(shirt.product.price) == "15.50"

    def test_shows_holds_and_movements_without_a_query_each(self, office):
        shirt = VariantFactory(inventory_quantity=50)
        address = page("productvariant", "change", shirt.id)
        services.reserve_inventory(demands=[demand((shirt, 1))])
        few = queries(office, address)
        orders = [demand((shirt, 1)) for _ in range(10)]
        services.reserve_inventory(demands=orders)
        services.commit_inventory(order_ids=[orders[0].order_id])

        assert queries(office, address) == few
        answer = office.get(address).content.decode()
        assert str(orders[1].order_id) in answer
        assert "sale" in answer

    def test_restocks(self, office, boss):
        shirt = VariantFactory(inventory_quantity=1)
        address = page("productvariant", "restock", shirt.id)

        assert office.get(address).status_code == 200
        answer = office.post(address, {"_form_submitted": "on", "quantity": "4", "notes": "pallet 3"})

        assert answer["HX-Redirect"] == page("productvariant", "change", shirt.id)
        assert stock_of(shirt) == (5, 0)
        movement = shirt.movements.using("catalog").get(movement_type="restock")
        assert (movement.quantity, movement.created_by, movement.notes) == (4, boss.pk, "pallet 3")

    def test_adjusts(self, office):
        shirt = VariantFactory(inventory_quantity=5)

        office.post(
            page("productvariant", "adjust", shirt.id), {"_form_submitted": "on", "quantity": "-2", "reason": "damaged"}
        )

        assert stock_of(shirt) == (3, 0)
        assert ledger_of(shirt) == [("adjustment", -2)]
        assert shirt.movements.using("catalog").get(quantity=-2).reason == "damaged"
        assert "Damaged" in office.get(page("productvariant", "change", shirt.id)).content.decode()

    def test_adjusts_nothing_without_a_reason(self, office):
        shirt = VariantFactory(inventory_quantity=5)

        office.post(page("productvariant", "adjust", shirt.id), {"_form_submitted": "on", "quantity": "-2"})

        assert stock_of(shirt) == (5, 0)

    def test_says_why_the_stock_cannot_be_adjusted(self, office):
        shirt = VariantFactory(inventory_quantity=5, sku="LS-BLUE")

        office.post(
            page("productvariant", "adjust", shirt.id), {"_form_submitted": "on", "quantity": "-6", "reason": "lost"}
        )

        assert "(LS-BLUE) has 5 left to sell; 6 cannot leave." in office.get(page("productvariant")).content.decode()
        assert stock_of(shirt) == (5, 0)

    def test_moves_nothing_for_those_who_may_not(self, boss):
        shirt = VariantFactory(inventory_quantity=5)
        clerk = get_user_model().objects.create_user("clerk@example.org", "a long password")
        client = Client()
        client.force_login(clerk)

        client.post(page("productvariant", "restock", shirt.id), {"_form_submitted": "on", "quantity": "4"})

        assert stock_of(shirt) == (5, 0)

    def test_neither_adds_nor_deletes_a_variant(self, office):
        shirt = VariantFactory(inventory_quantity=0)

        assert office.get(page("productvariant", "add")).status_code == 403
        assert office.post(page("productvariant", "delete", shirt.id), {"post": "yes"}).status_code == 403


class TestHolds:
    def test_stay_when_a_variant_is_saved(self, office):
        shirt = VariantFactory(inventory_quantity=10)
        order = demand((shirt, 4))
        services.reserve_inventory(demands=[order])
        address = page("productvariant", "change", shirt.id)

        assert office.post(address, form_of(office, address) | {"title": "Sky"}).status_code == 302

        assert holds_of(order.order_id) == [(shirt.id, 4, "held")]
        assert stock_of(shirt) == (6, 4)
