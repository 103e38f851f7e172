"""Stock as the shop's people keep it over the API."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from rest_framework.test import APIClient

from apps.catalog import services, tasks
from apps.catalog.models import IdempotencyRecord, InventoryMovement
from apps.catalog.selectors import list_inventory_findings
from apps.core import clock
from apps.core.ids import new_id
from apps.core.testing.statements import captured, statements

from .factories import VariantFactory
from .stock import demand, stock_of, told

pytestmark = pytest.mark.django_db(databases=["catalog"])

STOCK = "/api/v1/staff/stock"


def staff(*permissions):
    """Somebody with these permissions, at the API."""
    user = SimpleNamespace(is_authenticated=True, pk=new_id(), has_perm=lambda wanted: wanted in permissions)
    client = APIClient()
    client.force_authenticate(user)
    client.user_id = user.pk
    return client


@pytest.fixture
def keeper(own_cache):
    return staff("inventory.restock", "inventory.adjust", "inventory.view")


def post(client, kind, *items, key=None, **body):
    key = f'"{key or new_id()}"'
    return client.post(f"{STOCK}/{kind}/", {"items": items, **body}, format="json", headers={"Idempotency-Key": key})


class TestRestocks:
    def test_takes_in_each_item_and_names_the_unknown(self, keeper):
        shirt = VariantFactory(sku="LS-BLUE", inventory_quantity=1)
        order = new_id()

        answer = post(
            keeper,
            "restocks",
            {"sku": "LS-BLUE", "quantity": 4, "note": "pallet 3"},
            {"sku": "NOBODY", "quantity": 1},
            {"sku": "LS-BLUE", "quantity": 2},
            reference_id=order,
        )

        assert answer.status_code == 200
        assert answer.json() == {
            "moved": 2,
            "refused": 1,
            "results": [
                {"sku": "LS-BLUE", "status": "moved", "inventory_quantity": 5},
                {
                    "sku": "NOBODY",
                    "status": "refused",
                    "inventory_quantity": None,
                    "code": "variant_not_found",
                    "detail": "No variant has the SKU NOBODY.",
                },
                {"sku": "LS-BLUE", "status": "moved", "inventory_quantity": 7},
            ],
        }
        assert stock_of(shirt) == (7, 0)
        moved = InventoryMovement.objects.using("catalog").filter(movement_type="restock").order_by("-quantity")
        assert list(moved.values_list("quantity", "notes", "reference_id", "reference_type", "created_by")) == [
            (4, "pallet 3", order, "document", keeper.user_id),
            (2, None, order, "document", keeper.user_id),
        ]
        assert list_inventory_findings() == []

    def test_tells_the_world_that_a_product_came_into_stock(self, keeper):
        shirt = VariantFactory(sku="LS-BLUE", inventory_quantity=0)

        post(keeper, "restocks", {"sku": "LS-BLUE", "quantity": 4})

        assert told() == [("product.stock_flipped", {"product_id": str(shirt.product_id), "in_stock": True})]

    def test_is_repeated_under_its_key_without_moving_again(self, keeper):
        shirt = VariantFactory(sku="LS-BLUE", inventory_quantity=1)

        first, second = (post(keeper, "restocks", {"sku": "LS-BLUE", "quantity": 4}, key="p3") for _ in range(2))

        assert (first.content, second["Idempotent-Replayed"]) == (second.content, "true")
        assert stock_of(shirt) == (5, 0)

    def test_takes_a_thousand_items_in_as_many_statements_as_two(self, keeper):
        shirts = VariantFactory.create_batch(30, inventory_quantity=100)
        items = [{"sku": shirt.sku, "quantity": 1} for shirt in shirts]
        with captured("catalog") as few:
            post(keeper, "restocks", *items[:2])

        with statements(catalog=len(few["catalog"])):
            answer = post(keeper, "restocks", *(items * 34)[:1_000])

        assert answer.json()["moved"] == 1_000
        assert list_inventory_findings() == []

    @pytest.mark.parametrize(
        ("body", "wrong"),
        [
            ({"items": []}, "items"),
            ({"items": [{"sku": "A", "quantity": 0}]}, "items.0.quantity"),
            ({"items": [{"sku": "A", "quantity": "x"}]}, "items.0.quantity"),
            ({"items": [{"sku": "A", "quantity": 1}] * 1_001}, "items"),
        ],
    )
    def test_refuses_wrong_fields(self, keeper, body, wrong):
        answer = keeper.post(f"{STOCK}/restocks/", body, format="json", headers={"Idempotency-Key": "k"})

        assert (answer.status_code, list(answer.json()["errors"])) == (422, [wrong])

    def test_insists_on_a_key(self, keeper):
        answer = keeper.post(f"{STOCK}/restocks/", {"items": [{"sku": "A", "quantity": 1}]}, format="json")

        assert answer.json()["code"] == "idempotency_key_missing"

    def test_refuses_more_than_can_be_counted(self, keeper):
        shirt = VariantFactory(sku="LS-BLUE", inventory_quantity=99_999_999)

        answer = post(keeper, "restocks", {"sku": "LS-BLUE", "quantity": 2})

        assert answer.json()["results"][0]["code"] == "too_much_stock"
        assert stock_of(shirt) == (99_999_999, 0)


class TestAdjustments:
    def test_corrects_with_a_reason_and_refuses_what_is_not_there(self, keeper):
        shirt = VariantFactory(
            product__name="Linen Shirt", title="Blue", option1="Blue", sku="LS-BLUE", inventory_quantity=5
        )

        answer = post(
            keeper,
            "adjustments",
            {"sku": "LS-BLUE", "quantity": -2, "reason": "damaged", "note": "wet"},
            {"sku": "LS-BLUE", "quantity": -4, "reason": "lost"},
            {"sku": "LS-BLUE", "quantity": 1, "reason": "found"},
            {"sku": "LS-BLUE", "quantity": 0, "reason": "count"},
        )

        assert [(item["status"], item["inventory_quantity"]) for item in answer.json()["results"]] == [
            ("moved", 3),
            ("refused", 3),
            ("moved", 4),
            ("moved", 4),
        ]
        assert answer.json()["results"][1]["code"] == "stock_cannot_be_negative"
        assert answer.json()["results"][1]["detail"] == (
            "Linen Shirt, Blue (LS-BLUE) has 3 left to sell; 4 cannot leave."
        )
        assert stock_of(shirt) == (4, 0)
        adjusted = InventoryMovement.objects.using("catalog").filter(movement_type="adjustment").order_by("quantity")
        assert list(adjusted.values_list("quantity", "reason", "notes", "created_by")) == [
            (-2, "damaged", "wet", keeper.user_id),
            (1, "found", None, keeper.user_id),
        ]

    def test_sells_below_zero_what_may_be_ordered_back(self, keeper):
        shirt = VariantFactory(sku="LS-BLUE", inventory_quantity=1, allow_backorder=True)

        post(keeper, "adjustments", {"sku": "LS-BLUE", "quantity": -3, "reason": "lost"})

        assert stock_of(shirt) == (-2, 0)

    def test_asks_for_a_reason_from_the_list(self, keeper):
        for item in ({"sku": "A", "quantity": 1}, {"sku": "A", "quantity": 1, "reason": "whim"}):
            answer = post(keeper, "adjustments", item)

            assert (answer.status_code, list(answer.json()["errors"])) == (422, ["items.0.reason"])


class TestCounts:
    def test_correct_what_differs(self, keeper):
        shirt = VariantFactory(sku="LS-BLUE", inventory_quantity=5)
        services.reserve_inventory(demands=[demand((shirt, 2))])

        answer = post(keeper, "counts", {"sku": "LS-BLUE", "quantity": 4})

        assert answer.json() == {
            "lines": 1,
            "counted": 1,
            "differing": 1,
            "surplus": 0,
            "missing": 1,
            "problems": [],
            "is_written": True,
        }
        assert stock_of(shirt) == (2, 2)
        counted = InventoryMovement.objects.using("catalog").get(reason="count")
        assert (counted.quantity, counted.created_by) == (-1, keeper.user_id)

    def test_name_each_problem_and_write_nothing_but_by_force(self, keeper):
        shirt = VariantFactory(sku="LS-BLUE", inventory_quantity=5)
        tomorrow = (clock.now() + timedelta(days=1)).isoformat()
        items = (
            {"sku": "LS-BLUE", "quantity": 4},
            {"sku": "NOBODY", "quantity": 1},
            {"sku": "LS-RED", "quantity": 1, "counted_at": tomorrow},
        )

        refused = post(keeper, "counts", *items).json()
        assert refused["problems"] == [
            {"number": 2, "sku": "NOBODY", "problem": "unknown"},
            {"number": 3, "sku": "LS-RED", "problem": "in_the_future"},
        ]
        assert (refused["is_written"], stock_of(shirt)) == (False, (5, 0))

        assert post(keeper, "counts", *items, dry_run=True, force=True).json()["is_written"] is False
        assert post(keeper, "counts", *items, force=True).json()["is_written"] is True
        assert stock_of(shirt) == (4, 0)


class TestLevels:
    def test_tells_what_is_there_by_sku(self, keeper):
        shirt = VariantFactory(sku="LS-BLUE", product__name="Linen Shirt", title="Blue", inventory_quantity=5)
        VariantFactory(sku="LS-RED")
        services.reserve_inventory(demands=[demand((shirt, 2))])

        answer = keeper.get(f"{STOCK}/levels/?sku=LS-BLUE")

        assert answer.json()["results"] == [
            {
                "sku": "LS-BLUE",
                "variant_id": str(shirt.id),
                "product_id": str(shirt.product_id),
                "product_name": "Linen Shirt",
                "title": "Blue",
                "inventory_quantity": 3,
                "reserved_quantity": 2,
                "on_hand": 5,
                "low_stock_threshold": 5,
                "is_low": True,
                "allow_backorder": False,
                "track_inventory": True,
                "is_active": True,
            }
        ]

    def test_walks_through_what_is_low_page_by_page(self, keeper):
        for name, quantity in (("A", 5), ("B", 6), ("C", 0), ("D", 4)):
            VariantFactory(sku=name, inventory_quantity=quantity)
        VariantFactory(sku="E", inventory_quantity=0, is_active=False)
        VariantFactory(sku="F", inventory_quantity=0, product__track_inventory=False)

        first = keeper.get(f"{STOCK}/levels/?below_threshold=true&limit=2").json()
        second = keeper.get(first["next"]).json()

        assert [[level["sku"] for level in page["results"]] for page in (first, second)] == [["A", "C"], ["D"]]
        assert second["next"] is None

    def test_takes_one_query(self, keeper):
        VariantFactory.create_batch(5)

        with statements(catalog=1):
            assert len(keeper.get(f"{STOCK}/levels/").json()["results"]) == 5


class TestMovements:
    def test_tells_the_newest_first_page_by_page(self, keeper):
        shirt = VariantFactory(sku="LS-BLUE", inventory_quantity=5)
        VariantFactory(sku="LS-RED")
        post(keeper, "adjustments", {"sku": "LS-BLUE", "quantity": -1, "reason": "damaged", "note": "wet"})
        change_time = InventoryMovement.objects.using("catalog").filter(product_variant=shirt, quantity=5)
        change_time.update(created_at=clock.now().replace(year=2025))

        first = keeper.get(f"{STOCK}/movements/?sku=LS-BLUE&limit=1").json()
        second = keeper.get(first["next"]).json()

        newest = first["results"][0]
        assert (newest["movement_type"], newest["quantity"], newest["reason"], newest["note"]) == (
            "adjustment",
            -1,
            "damaged",
            "wet",
        )
        assert newest["created_by"] == str(keeper.user_id)
        assert [movement["movement_type"] for movement in second["results"]] == ["initial"]
        assert second["next"] is None

    def test_answers_404_to_an_unknown_sku_and_422_without_one(self, keeper):
        assert keeper.get(f"{STOCK}/movements/?sku=NOBODY").json()["code"] == "sku_not_found"
        assert keeper.get(f"{STOCK}/movements/").status_code == 422


class TestPermissions:
    @pytest.mark.parametrize(
        ("method", "address", "permission"),
        [
            ("post", "restocks", "inventory.restock"),
            ("post", "adjustments", "inventory.adjust"),
            ("post", "counts", "inventory.adjust"),
            ("get", "levels", "inventory.view"),
            ("get", "movements", "inventory.view"),
        ],
    )
    def test_are_needed_one_for_each_address(self, own_cache, method, address, permission):
        others = {"inventory.restock", "inventory.adjust", "inventory.view"} - {permission}

        refused = getattr(staff(*others), method)(f"{STOCK}/{address}/")
        let_in = getattr(staff(permission), method)(f"{STOCK}/{address}/")

        assert refused.status_code == 403
        assert let_in.status_code != 403


class TestDeleteExpired:
    def test_deletes_kept_answers_whose_time_is_over(self, keeper):
        VariantFactory(sku="LS-BLUE")
        post(keeper, "restocks", {"sku": "LS-BLUE", "quantity": 1}, key="old")
        records = IdempotencyRecord.objects.using("catalog")
        records.update(expires_at=clock.now() - timedelta(minutes=1))
        post(keeper, "restocks", {"sku": "LS-BLUE", "quantity": 1}, key="new")

        tasks.delete_expired()

        assert list(records.values_list("key", flat=True)) == ["new"]
