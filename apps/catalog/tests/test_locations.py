"""Stock at several places: holding, giving back, selling, receiving, carrying."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connections

from apps.catalog import services
from apps.catalog.contracts import StockLine
from apps.catalog.models import ProductVariant, StockLevel, StockLocation
from apps.catalog.selectors import Finding, list_inventory_findings
from apps.core.exceptions import InvalidInput
from apps.core.ids import new_id
from apps.core.testing.statements import captured, statements

from .broken import Broken
from .factories import ProductFactory, VariantFactory
from .places import carry, held_at, levels_of, located, moved_at, place, two_places
from .stock import change, demand, ledger_of, stock_of

pytestmark = pytest.mark.django_db(databases=["catalog"])


@pytest.fixture(autouse=True)
def adds_up():
    yield
    assert list_inventory_findings() == []


@pytest.fixture
def places():
    return two_places()


def item(variant, quantity, location=None):
    return services.StockItem(sku=variant.sku, quantity=quantity, location=location)


class TestReserveInventory:
    def test_takes_a_line_from_the_first_place_that_has_all_of_it(self, places):
        shirt = located(2, 5)
        small, big = demand((shirt, 2)), demand((shirt, 3))

        assert services.reserve_inventory(demands=[big, small]) == {}

        assert (held_at(big.order_id), held_at(small.order_id)) == ({"porto": 3}, {"lisbon": 2})
        assert levels_of(shirt) == {"lisbon": (0, 2), "porto": (2, 3)}
        assert stock_of(shirt) == (2, 5)
        assert moved_at(shirt) == [("lisbon", "transfer", -5), ("porto", "transfer", 5)]

    def test_splits_a_line_that_no_place_has_whole(self, places):
        shirt = located(2, 2)
        order = demand((shirt, 3))

        services.reserve_inventory(demands=[order])

        assert held_at(order.order_id) == {"lisbon": 2, "porto": 1}
        assert levels_of(shirt) == {"lisbon": (0, 2), "porto": (1, 1)}

    def test_lets_the_first_place_owe_what_no_place_has(self, places):
        shirt = located(1, 2, allow_backorder=True)
        order = demand((shirt, 5))

        assert services.reserve_inventory(demands=[order]) == {}

        assert held_at(order.order_id) == {"lisbon": 3, "porto": 2}
        assert levels_of(shirt) == {"lisbon": (-2, 3), "porto": (0, 2)}

    def test_sells_no_piece_more_than_all_places_have(self, places):
        shirt = located(1, 1)
        order = demand((shirt, 3))

        shortages = services.reserve_inventory(demands=[order])

        assert [line.available for line in shortages[order.order_id]] == [2]
        assert held_at(order.order_id) == {}

    def test_follows_a_new_priority(self, places):
        shirt = located(2, 2)
        services.change_location(code="porto", fields={"priority": 0})
        order = demand((shirt, 1))

        services.reserve_inventory(demands=[order])

        assert held_at(order.order_id) == {"porto": 1}

    def test_delivered_twice_holds_once(self, places):
        shirt = located(2, 2)
        order = demand((shirt, 3))

        services.reserve_inventory(demands=[order])
        services.reserve_inventory(demands=[order, order])

        assert levels_of(shirt) == {"lisbon": (0, 2), "porto": (1, 1)}

    def test_holds_what_has_places_beside_what_has_none(self, places):
        shirt, socks = located(2, 2), VariantFactory(inventory_quantity=5)
        order = demand((shirt, 1), (socks, 2))

        with statements(catalog=5):
            services.reserve_inventory(demands=[order])

        assert held_at(order.order_id) == {"lisbon": 1}
        assert (stock_of(socks), levels_of(socks)) == ((3, 2), {})

    def test_holds_nothing_of_a_product_whose_stock_is_not_tracked(self, places):
        download = located(0, 0, product=ProductFactory(track_inventory=False))

        services.reserve_inventory(demands=[demand((download, 3))])

        assert levels_of(download) == {"lisbon": (0, 0)}


class TestReleaseInventory:
    def test_gives_each_place_back_what_it_held_and_delivered_twice_once(self, places):
        shirt = located(2, 2)
        order = demand((shirt, 3))
        services.reserve_inventory(demands=[order])

        with statements(catalog=4):
            services.release_inventory(order_ids=[order.order_id])
        services.release_inventory(order_ids=[order.order_id])

        assert levels_of(shirt) == {"lisbon": (2, 0), "porto": (2, 0)}
        assert moved_at(shirt) == [("lisbon", "transfer", -2), ("porto", "transfer", 2)]

    def test_before_the_hold_gives_nothing_back(self, places):
        shirt = located(2, 2)

        services.release_inventory(order_ids=[new_id()])

        assert levels_of(shirt) == {"lisbon": (2, 0), "porto": (2, 0)}


class TestCommitInventory:
    def test_lets_pieces_leave_the_places_that_held_them_and_delivered_twice_once(self, places):
        shirt = located(2, 2)
        order = demand((shirt, 3))
        services.reserve_inventory(demands=[order])

        with statements(catalog=4):
            services.commit_inventory(order_ids=[order.order_id])
        services.commit_inventory(order_ids=[order.order_id])

        assert levels_of(shirt) == {"lisbon": (0, 0), "porto": (1, 0)}
        assert moved_at(shirt)[:1] + moved_at(shirt)[2:3] == [("lisbon", "sale", -2), ("porto", "sale", -1)]
        assert ledger_of(shirt) == [("sale", -3)]

    def test_sells_what_was_held_before_the_variant_got_places(self, places):
        shirt = VariantFactory(inventory_quantity=5)
        sold, back = demand((shirt, 2)), demand((shirt, 1))
        services.reserve_inventory(demands=[sold, back])
        services.locate_stock()

        services.commit_inventory(order_ids=[sold.order_id])
        services.release_inventory(order_ids=[back.order_id])

        assert levels_of(shirt) == {"lisbon": (3, 0)}


class TestWhatHasNoPlaces:
    def test_takes_the_same_statements_where_the_shop_has_places(self, places):
        socks = VariantFactory.create_batch(3, inventory_quantity=100)
        orders = [demand(*((one, 1) for one in socks)) for _ in range(4)]
        ids = [order.order_id for order in orders]

        with statements(catalog=3):
            services.reserve_inventory(demands=orders)
        with statements(catalog=2):
            services.release_inventory(order_ids=ids[:2])
        with statements(catalog=2):
            services.commit_inventory(order_ids=ids[2:])
        with statements(catalog=2):
            services.restock(receipts=[StockLine(variant_id=socks[0].id, quantity=1)])

        assert StockLevel.objects.using("catalog").count() == 0


class TestReceiving:
    def test_goes_to_the_first_place_or_to_the_one_it_names(self, places):
        shirt = located(1, 0)

        services.restock_items(items=[item(shirt, 4), item(shirt, 2, "porto")], because=services.Because())

        assert levels_of(shirt) == {"lisbon": (5, 0), "porto": (2, 0)}
        assert stock_of(shirt) == (7, 0)

    def test_at_a_place_gives_a_variant_places_and_what_was_there_stands_at_the_first(self, places):
        shirt, socks = VariantFactory(inventory_quantity=3), VariantFactory(inventory_quantity=8)

        services.restock_items(items=[item(shirt, 2, "porto"), item(socks, 1)], because=services.Because())

        assert levels_of(shirt) == {"lisbon": (3, 0), "porto": (2, 0)}
        assert (stock_of(socks), levels_of(socks)) == ((9, 0), {})

    def test_refuses_a_place_that_is_unknown_or_closed_by_itself(self, places):
        shirt = located(1, 0)
        services.change_location(code="porto", fields={"is_active": False})

        moved = services.restock_items(
            items=[item(shirt, 1, "porto"), item(shirt, 1, "faro"), item(shirt, 1, "lisbon")],
            because=services.Because(),
        )

        assert [one.refusal and one.refusal.code for one in moved] == ["location_not_found"] * 2 + [None]
        assert levels_of(shirt) == {"lisbon": (2, 0)}

    def test_passes_over_a_first_place_that_is_closed(self, places):
        shirt = located(0, 1)
        services.change_location(code="lisbon", fields={"is_active": False})

        services.restock(receipts=[StockLine(variant_id=shirt.id, quantity=2)])

        assert levels_of(shirt) == {"lisbon": (0, 0), "porto": (3, 0)}

    def test_of_goods_that_come_back_happens_once_at_the_first_place(self, places):
        shirt = located(0, 3)
        order = demand((shirt, 2))
        services.reserve_inventory(demands=[order])
        services.commit_inventory(order_ids=[order.order_id])
        back = services.ReturnedGoods(
            order_id=order.order_id, return_id=new_id(), note="", lines=(StockLine(variant_id=shirt.id, quantity=1),)
        )

        services.restock_goods(returns=[back])
        services.restock_goods(returns=[back])

        assert levels_of(shirt) == {"lisbon": (1, 0), "porto": (1, 0)}


class TestAdjusting:
    def test_takes_from_the_place_it_names_and_not_more_than_is_free_there(self, places):
        shirt = located(3, 3)

        moved = services.adjust_items(
            items=[item(shirt, -2, "porto"), item(shirt, -2, "porto"), item(shirt, -4), item(shirt, 1, "porto")],
            because=services.Because(),
        )

        assert [one.refusal and one.refusal.code for one in moved] == [None, "stock_cannot_be_negative", None, None]
        assert moved[1].refusal.message.endswith("has 1 left to sell at porto; 2 cannot leave.")
        assert levels_of(shirt) == {"lisbon": (0, 0), "porto": (1, 0)}

    def test_to_a_counted_number_takes_place_after_place(self, places):
        shirt = located(3, 3)

        services.set_inventory(levels=[services.StockLevel(variant_id=shirt.id, inventory_quantity=1)])

        assert levels_of(shirt) == {"lisbon": (0, 0), "porto": (1, 0)}


class TestSettleLevels:
    def test_follows_quantities_that_an_import_wrote(self, places):
        shirt, same = located(3, 3), located(2, 2)
        services.adjust_inventory(changes=[services.StockChange(variant_id=same.id, quantity=1)])
        with connections["catalog"].cursor() as cursor:
            cursor.execute("UPDATE product_variants SET inventory_quantity = 2 WHERE id = %s", [shirt.id])
            cursor.execute(
                "INSERT INTO inventory_movements (id, product_variant_id, movement_type, quantity)"
                " VALUES (uuid_v7(), %s, 'adjustment', -4)",
                [shirt.id],
            )

        services.settle_levels(variant_ids=[shirt.id, same.id], reference_id=new_id())

        assert levels_of(shirt) == {"lisbon": (0, 0), "porto": (2, 0)}
        assert levels_of(same) == {"lisbon": (3, 0), "porto": (2, 0)}


class TestTransferStock:
    def test_moves_pieces_by_two_lines_and_changes_nothing_to_sell(self, places):
        shirt = located(5, 0)

        moved = carry(shirt, 2)

        assert (moved.refusal, moved.inventory_quantity) == (None, 5)
        assert levels_of(shirt) == {"lisbon": (3, 0), "porto": (2, 0)}
        assert moved_at(shirt) == [("lisbon", "transfer", -2), ("porto", "transfer", 2)]
        assert (stock_of(shirt), ledger_of(shirt)) == ((5, 0), [])

    def test_leaves_what_orders_hold(self, places):
        shirt = located(5, 0)
        services.reserve_inventory(demands=[demand((shirt, 3))])

        moved = carry(shirt, 3)

        assert moved.refusal.code == "not_enough_at_location"
        assert levels_of(shirt) == {"lisbon": (2, 3)}

    def test_refuses_unknown_places_and_one_place(self, places):
        shirt = located(5, 0)

        with pytest.raises(services.LocationNotFound, match="faro"):
            carry(shirt, 1, destination="faro")
        with pytest.raises(InvalidInput):
            carry(shirt, 1, destination="lisbon")

        assert levels_of(shirt) == {"lisbon": (5, 0)}


class TestChangeLocation:
    def test_closes_a_place_where_nothing_stands(self, places):
        shirt = located(2, 1)
        with pytest.raises(services.LocationInUse):
            services.change_location(code="porto", fields={"is_active": False})
        carry(shirt, 1, "porto", "lisbon")

        services.change_location(code="porto", fields={"is_active": False})

        assert list(StockLocation.objects.using("catalog").filter(is_active=True)) == [places[0]]

    def test_does_not_close_a_place_where_orders_hold_stock(self, places):
        shirt = located(0, 1)
        services.reserve_inventory(demands=[demand((shirt, 1))])

        with pytest.raises(services.LocationInUse):
            services.change_location(code="porto", fields={"is_active": False})

    def test_keeps_the_last_one_open(self):
        place("lisbon")

        with pytest.raises(services.LastLocation):
            services.change_location(code="lisbon", fields={"is_active": False})

    def test_knows_only_places_there_are(self):
        with pytest.raises(services.LocationNotFound):
            services.change_location(code="faro", fields={"priority": 1})

    def test_gives_each_code_once(self):
        place("lisbon")

        with pytest.raises(services.CodeTaken):
            place("lisbon")


class TestLocateStock:
    def test_puts_all_there_is_and_is_held_at_the_first_place_and_can_be_repeated(self, places):
        shirt = VariantFactory(inventory_quantity=5)
        owed = VariantFactory(inventory_quantity=0, allow_backorder=True)
        order = demand((shirt, 2), (owed, 1))
        services.reserve_inventory(demands=[order])
        said = StringIO()

        call_command("locate_stock", stdout=said)
        call_command("locate_stock", stdout=said)

        assert said.getvalue().splitlines() == ["2 variants have places now.", "0 variants have places now."]
        assert (levels_of(shirt), levels_of(owed)) == ({"lisbon": (3, 2)}, {"lisbon": (-1, 1)})

    def test_wants_a_place(self):
        VariantFactory()

        with pytest.raises(CommandError, match=r"no open location\. Add one first"):
            call_command("locate_stock")


class TestRules:
    def test_no_place_sells_what_it_has_not(self, places):
        shirt = located(1, 1)
        levels = StockLevel.objects.using("catalog").filter(variant=shirt)

        with Broken() as broken:
            levels.update(available=-1)
        assert broken.name == "level_is_never_oversold"
        with Broken() as broken:
            levels.update(reserved=-1)
        assert broken.name == "level_reserved_is_never_negative"

    def test_saving_a_variant_does_not_take_its_places_away(self, places):
        shirt = located(1, 1)
        assert not shirt.is_located

        shirt.save(using="catalog")

        assert ProductVariant.objects.using("catalog").get(id=shirt.id).is_located


class TestAuditInventory:
    @pytest.fixture
    def adds_up(self):
        """What is broken here does not add up."""

    def test_finds_each_equation_that_does_not_hold(self, places, adds_up):
        shirt = located(2, 1)
        order = demand((shirt, 3))
        services.reserve_inventory(demands=[order])
        levels = StockLevel.objects.using("catalog").filter(variant=shirt)
        levels.filter(location=places[1]).update(available=1, reserved=0)

        assert list_inventory_findings() == [
            Finding("levels", shirt.id, shirt.sku, "0 to sell, 3 held", "1 to sell, 2 held"),
            Finding("reserved at a place", shirt.id, f"{shirt.sku} at porto", "1", "0"),
        ]
        levels.filter(location=places[1]).update(available=0, reserved=2)
        assert [found.kind for found in list_inventory_findings()] == [
            "ledger of a place",
            "levels",
            "reserved at a place",
        ]
        levels.filter(location=places[1]).update(available=0, reserved=1)
        change(shirt, is_located=False)
        assert list_inventory_findings() == [Finding("levels", shirt.id, shirt.sku, "no places", "0 to sell, 3 held")]
        change(shirt, is_located=True)
        StockLocation.objects.using("catalog").filter(code="porto").update(is_active=False)
        assert list_inventory_findings() == [Finding("inactive place", shirt.id, f"{shirt.sku} at porto", "0", "1")]
        StockLocation.objects.using("catalog").filter(code="porto").update(is_active=True)
        with connections["catalog"].cursor() as cursor:
            cursor.execute("DELETE FROM inventory_reservation_locations WHERE location_id = %s", [places[1].id])
        assert [(found.kind, found.expected, found.found) for found in list_inventory_findings()] == [
            ("places of an order", "3", "2"),
            ("reserved at a place", "0", "1"),
        ]


class TestPlans:
    def test_find_levels_and_held_places_by_their_keys(self, places):
        shirt = located(1, 1)
        order = demand((shirt, 2))
        services.reserve_inventory(demands=[order])
        with captured("catalog") as ran:
            services.commit_inventory(order_ids=[order.order_id])

        plans = []
        with connections["catalog"].cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
            for sql in ran["catalog"]:
                if "inventory_reservation_locations p" in sql or "UPDATE stock_levels" in sql:
                    cursor.execute(f"EXPLAIN {sql}")
                    plans.append("\n".join(line for (line,) in cursor.fetchall()))

        assert len(plans) == 2
        assert "inventory_reservation_locations_pkey" in plans[0]
        assert "stock_levels_pkey" in plans[1]
        assert not any("Seq Scan" in plan for plan in plans)
