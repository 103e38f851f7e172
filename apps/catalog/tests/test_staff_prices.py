"""Prices and activation in bulk, as the shop's people change them over the API."""

from decimal import Decimal
from types import SimpleNamespace

import pytest
from rest_framework.test import APIClient

from apps.catalog.api.staff import prices
from apps.catalog.models import PriceChange, ProductVariant
from apps.core.ids import new_id

from .bulk import change, prices_of, to
from .factories import VariantFactory

pytestmark = pytest.mark.django_db(databases=["catalog"])

BULK = "/api/v1/staff/prices/bulk/"
CHANGES = "/api/v1/staff/prices/changes/"
# The same in every process that runs tests.
SOME_ID = "01a20e3b-96bd-7299-904a-cc2c98d37618"
ACTIVATION = "/api/v1/staff/products/bulk-activation/"


def staff(*permissions):
    """Somebody with these permissions, at the API."""
    user = SimpleNamespace(is_authenticated=True, pk=new_id(), has_perm=lambda wanted: wanted in permissions)
    client = APIClient()
    client.force_authenticate(user)
    client.user_id = user.pk
    return client


@pytest.fixture
def merchant(own_cache):
    return staff("products.view", "products.change")


def post(client, address, *items, key=None, **body):
    body = {"items": items, **body} if items else body
    return client.post(address, body, format="json", headers={"Idempotency-Key": f'"{key or new_id()}"'})


class TestBulkPrices:
    def test_changes_each_item_and_says_what_came_of_it(self, merchant):
        shirt, trousers, coat = VariantFactory.create_batch(3, compare_price=Decimal(60))

        answer = post(
            merchant,
            BULK,
            {"sku": shirt.sku, "price": "40.00", "compare_price": None},
            {"variant_id": str(trousers.id), "percent": -10},
            {"product_id": str(coat.product_id), "amount": "-9.5"},
            {"slug": coat.product.slug, "price": "1"},
            {"sku": "NOWHERE", "price": "1"},
            {"sku": coat.sku, "price": "-1"},
            note="summer sale",
        )

        assert answer.status_code == 200
        body = answer.json()
        assert body == {
            "change_id": body["change_id"],
            "changed": 3,
            "unchanged": 0,
            "refused": 3,
            "results": [
                *[{"status": "changed", "variants": 1, "reason": None}] * 3,
                {"status": "invalid", "variants": 0, "reason": "Item 3 names it already."},
                {"status": "not_found", "variants": 0, "reason": "There is no such variant."},
                {"status": "invalid", "variants": 0, "reason": "A price cannot be below zero."},
            ],
        }
        assert prices_of(shirt, trousers, coat) == [Decimal("40.00"), Decimal("44.10"), Decimal("39.50")]
        noted = PriceChange.objects.using("catalog").get(id=body["change_id"])
        assert (noted.actor_id, noted.source, noted.note) == (merchant.user_id, "api", "summer sale")

    def test_changes_nothing_where_all_or_nothing_is_asked_and_one_is_wrong(self, merchant):
        shirt = VariantFactory()

        answer = post(merchant, BULK, {"sku": shirt.sku, "price": 40}, {"sku": "NOWHERE", "price": 1}, atomic=True)

        assert (answer.status_code, answer.json()["code"]) == (422, "bulk_refused")
        assert [item["status"] for item in answer.json()["items"]] == ["changed", "not_found"]
        assert prices_of(shirt) == [Decimal(49)]

    def test_repeated_under_one_key_changes_once(self, merchant):
        shirt = VariantFactory(price=Decimal(100))
        item, key = {"sku": shirt.sku, "percent": -10}, new_id()

        first, second = (post(merchant, BULK, item, key=key) for _ in range(2))

        assert second.content == first.content
        assert second.headers["Idempotent-Replayed"] == "true"
        assert prices_of(shirt) == [Decimal(90)]

    def test_needs_a_key(self, merchant):
        answer = merchant.post(BULK, {"items": [{"sku": "A", "price": 1}]}, format="json")

        assert (answer.status_code, answer.json()["code"]) == (400, "idempotency_key_missing")

    @pytest.mark.parametrize(
        ("items", "errors"),
        [
            ([], {"items": ["This field is required."]}),
            (
                [{"sku": "A", "price": 1}, {"price": 1}],
                {"items.1.non_field_errors": ["Give one of variant_id, sku, product_id, slug."]},
            ),
            ([{"sku": "A", "price": "cheap"}], {"items.0.price": ["A valid number is required."]}),
            (
                [{"sku": "A", "price": 1, "percent": 1}],
                {"items.0.non_field_errors": ["Give one of price, percent, amount, or compare_price, or both."]},
            ),
            (
                [{"sku": "A"}],
                {"items.0.non_field_errors": ["Give one of price, percent, amount, or compare_price, or both."]},
            ),
            (
                [{"sku": "A", "price": 1}] * 1001,
                {
                    "items": [
                        "Send at most 1,000 items; `manage.py change_prices FILE` takes any number from a CSV file."
                    ]
                },
            ),
        ],
    )
    def test_names_each_field_that_is_wrong(self, merchant, items, errors):
        answer = post(merchant, BULK, *items)

        assert (answer.status_code, answer.json()["errors"]) == (422, errors)


class TestPriceChanges:
    def test_are_listed_with_what_the_variants_cost(self, merchant):
        shirt = VariantFactory(compare_price=Decimal(60))
        older = change(to(shirt, "40"), note="sale").change_id
        newer = change(to(shirt, "41")).change_id

        page = merchant.get(CHANGES).json()["results"]
        shown = merchant.get(f"{CHANGES}{older}/").json()
        items = merchant.get(f"{CHANGES}{older}/items/").json()["results"]

        assert [row["id"] for row in page] == [str(newer), str(older)]
        assert shown == {
            "id": str(older),
            "source": "api",
            "note": "sale",
            "items_count": 1,
            "made_at": shown["made_at"],
            "made_by": None,
            "undone_at": None,
            "undone_by": None,
        }
        assert items == [
            {
                "variant_id": str(shirt.id),
                "old_price": "49.00",
                "new_price": "40.00",
                "old_compare_price": "60.00",
                "new_compare_price": "60.00",
                "is_restored": None,
            }
        ]

    @pytest.mark.parametrize("address", ["", "items/"])
    def test_that_do_not_exist_are_not_found(self, merchant, address):
        answer = merchant.get(f"{CHANGES}{new_id()}/{address}")

        assert (answer.status_code, answer.json()["code"]) == (404, "price_change_not_found")


class TestUndo:
    def test_puts_back_what_still_stands_and_names_the_rest(self, merchant):
        shirt, trousers = VariantFactory.create_batch(2)
        change_id = change(to(shirt, "40"), to(trousers, "40")).change_id
        change(to(trousers, "45"))

        answer = post(merchant, f"{CHANGES}{change_id}/undo/")
        again = post(merchant, f"{CHANGES}{change_id}/undo/")

        assert answer.json() == {"restored": 1, "left": [{"variant_id": str(trousers.id), "sku": trousers.sku}]}
        assert (again.status_code, again.json()["code"]) == (409, "price_change_is_undone")
        assert prices_of(shirt, trousers) == [Decimal(49), Decimal(45)]
        assert PriceChange.objects.using("catalog").get(id=change_id).undone_by == merchant.user_id

    def test_of_too_many_is_refused_and_tells_the_way(self, merchant, monkeypatch):
        monkeypatch.setattr(prices, "MOST_UNDONE", 1)
        shirts = VariantFactory.create_batch(2)
        change_id = change(*(to(shirt, "40") for shirt in shirts)).change_id

        answer = post(merchant, f"{CHANGES}{change_id}/undo/")

        assert (answer.status_code, answer.json()["code"]) == (409, "too_many_to_undo")
        assert f"manage.py undo_prices {change_id}" in answer.json()["detail"]
        assert prices_of(*shirts) == [Decimal(40)] * 2


class TestBulkActivation:
    def test_switches_variants_and_products(self, merchant):
        shirt, coat = VariantFactory.create_batch(2)

        answer = post(
            merchant,
            ACTIVATION,
            {"sku": shirt.sku, "is_active": False},
            {"slug": coat.product.slug, "is_active": False},
            {"sku": "NOWHERE", "is_active": False},
        )

        assert answer.json() == {
            "changed": 2,
            "unchanged": 0,
            "refused": 1,
            "results": [
                {"status": "changed", "variants": 1, "reason": None},
                {"status": "changed", "variants": 0, "reason": None},
                {"status": "not_found", "variants": 0, "reason": "There is no such variant."},
            ],
        }
        on_sale = ProductVariant.objects.using("catalog").filter(is_active=True, product__is_active=True)
        assert list(on_sale) == []

    def test_tells_who_sends_too_many_of_the_other_way(self, merchant):
        answer = post(merchant, ACTIVATION, *[{"sku": "A", "is_active": True}] * 1001)

        assert answer.json()["errors"] == {
            "items": ["Send at most 1,000 items; `manage.py set_active FILE` takes any number from a CSV file."]
        }


class TestPermissions:
    @pytest.mark.parametrize(
        ("method", "address", "permission"),
        [
            ("post", BULK, "products.change"),
            ("get", CHANGES, "products.view"),
            ("get", f"{CHANGES}{SOME_ID}/", "products.view"),
            ("get", f"{CHANGES}{SOME_ID}/items/", "products.view"),
            ("post", f"{CHANGES}{SOME_ID}/undo/", "products.change"),
            ("post", ACTIVATION, "products.change"),
        ],
    )
    def test_let_in_only_who_has_them(self, method, address, permission, own_cache):
        others = {"products.view", "products.change", "inventory.adjust"} - {permission}

        refused = getattr(staff(*others), method)(address)
        let_in = getattr(staff(permission), method)(address)

        assert refused.status_code == 403
        assert let_in.status_code != 403
