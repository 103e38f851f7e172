"""Places of stock over the API."""

import pytest

from apps.catalog import services
from apps.catalog.selectors import list_inventory_findings
from apps.core.ids import new_id

from .factories import VariantFactory
from .places import levels_of, located, two_places
from .stock import demand, stock_of
from .test_staff_stock import STOCK, post, staff

pytestmark = pytest.mark.django_db(databases=["catalog"])
PLACES = f"{STOCK}/locations/"
LISBON = {"code": "lisbon", "name": "Lisbon", "priority": 1, "is_active": True}
PORTO = {"code": "porto", "name": "Porto", "priority": 2, "is_active": True}


@pytest.fixture
def keeper(own_cache):
    return staff("inventory.restock", "inventory.adjust", "inventory.view")


class TestLocations:
    def test_are_opened_listed_in_order_and_changed(self, keeper):
        made = keeper.post(PLACES, {"code": "porto", "name": "Porto", "priority": 2}, format="json")
        keeper.post(PLACES, {"code": "lisbon", "name": "Lisboa"}, format="json")
        changed = keeper.patch(f"{PLACES}lisbon/", {"name": "Lisbon", "priority": 1}, format="json")

        assert (made.status_code, made.json()) == (201, PORTO)
        assert (changed.status_code, changed.json()) == (200, LISBON)
        assert keeper.get(PLACES).json() == [LISBON, PORTO]

    def test_refuse_what_is_wrong(self, keeper):
        two_places()

        again = keeper.post(PLACES, {"code": "porto", "name": "Porto"}, format="json")
        spaced = keeper.post(PLACES, {"code": "Porto 2", "name": "Porto"}, format="json")
        unknown = keeper.patch(f"{PLACES}faro/", {"name": "Faro"}, format="json")
        keeper.patch(f"{PLACES}porto/", {"is_active": False}, format="json")
        last = keeper.patch(f"{PLACES}lisbon/", {"is_active": False}, format="json")

        assert again.json()["code"] == "location_code_taken"
        assert (spaced.status_code, list(spaced.json()["errors"])) == (422, ["code"])
        assert (unknown.status_code, unknown.json()["code"]) == (404, "location_not_found")
        assert last.json()["code"] == "last_location"

    def test_want_their_permissions(self, own_cache):
        looker = staff("inventory.view")

        assert looker.get(PLACES).status_code == 200
        assert looker.post(PLACES, {"code": "porto", "name": "Porto"}, format="json").status_code == 403
        assert looker.patch(f"{PLACES}porto/", {"name": "Porto"}, format="json").status_code == 403
        assert staff().get(f"{PLACES}porto/levels/").status_code == 403


class TestLevelsAt:
    def test_say_what_stands_at_one_place(self, keeper):
        two_places()
        shirt, _ = located(2, 3, sku="LS-BLUE"), located(1, 1, sku="SOCKS")
        services.reserve_inventory(demands=[demand((shirt, 3))])

        answer = keeper.get(f"{PLACES}porto/levels/?sku=LS-BLUE")

        assert answer.json()["results"] == [
            {"sku": "LS-BLUE", "variant_id": str(shirt.id), "available": 0, "reserved": 3, "on_hand": 3}
        ]
        assert [row["sku"] for row in keeper.get(f"{PLACES}porto/levels/").json()["results"]] == ["LS-BLUE", "SOCKS"]


class TestMovementsAt:
    def test_are_listed_the_newest_first(self, keeper):
        two_places()
        shirt = located(2, 3, sku="LS-BLUE")
        order = demand((shirt, 3))
        services.reserve_inventory(demands=[order])
        services.commit_inventory(order_ids=[order.order_id])

        results = keeper.get(f"{PLACES}porto/movements/?sku=LS-BLUE").json()["results"]

        assert [(row["sku"], row["movement_type"], row["quantity"]) for row in results] == [
            ("LS-BLUE", "sale", -3),
            ("LS-BLUE", "transfer", 3),
        ]
        assert results[0]["reference_id"] == str(order.order_id)
        assert keeper.get(f"{PLACES}porto/movements/?sku=SOCKS").json()["results"] == []


class TestTransfers:
    def test_move_each_item_or_refuse_it_once_for_a_key(self, keeper):
        two_places()
        shirt = VariantFactory(sku="LS-BLUE", inventory_quantity=5)
        items = [{"sku": "LS-BLUE", "quantity": quantity} for quantity in (4, 2)] + [{"sku": "NOBODY", "quantity": 1}]
        ways, key = {"from_location": "lisbon", "to_location": "porto"}, new_id()

        answer = post(keeper, "transfers", *items, key=key, **ways)
        again = post(keeper, "transfers", *items, key=key, **ways)

        assert answer.status_code == 200
        assert (answer.json()["moved"], answer.json()["refused"]) == (1, 2)
        assert [one.get("code") for one in answer.json()["results"]] == [
            None,
            "not_enough_at_location",
            "variant_not_found",
        ]
        assert again.json() == answer.json()
        assert again.headers["Idempotent-Replayed"] == "true"
        assert levels_of(shirt) == {"lisbon": (1, 0), "porto": (4, 0)}
        assert stock_of(shirt) == (5, 0)
        assert list_inventory_findings() == []

    def test_refuse_a_place_that_is_unknown_and_a_caller_who_may_not(self, keeper):
        two_places()

        faro = post(keeper, "transfers", {"sku": "LS", "quantity": 1}, from_location="faro", to_location="porto")
        looker = post(
            staff("inventory.view"), "transfers", {"sku": "LS", "quantity": 1}, from_location="a", to_location="b"
        )

        assert (faro.status_code, faro.json()["code"]) == (404, "location_not_found")
        assert looker.status_code == 403


class TestReceiving:
    def test_names_a_place_over_the_api(self, keeper):
        two_places()
        shirt = located(1, 0, sku="LS-BLUE")

        post(keeper, "restocks", {"sku": "LS-BLUE", "quantity": 4, "location": "porto"})
        post(keeper, "adjustments", {"sku": "LS-BLUE", "quantity": -1, "location": "porto", "reason": "lost"})

        assert levels_of(shirt) == {"lisbon": (1, 0), "porto": (3, 0)}
