"""Carts over HTTP."""

from uuid import uuid4

import pytest
from rest_framework.test import APIClient

from apps.core.ids import new_id
from apps.core.testing.statements import statements

from .callers import PARTS, SignedIn, customer, guest
from .factories import ADDRESS
from .shop import customer_cart, shirt

pytestmark = pytest.mark.django_db(databases=["orders", "catalog"])


class TestCarts:
    def test_start_for_a_guest_with_a_token_shown_once(self):
        answer = APIClient().post("/api/v1/carts/", {"email": "ada@example.com"})

        cart = answer.json()
        assert answer.status_code == 201
        assert answer["Location"] == f"/api/v1/carts/{cart['id']}/"
        assert (len(cart["token"]), cart["email"], cart["lines"]) == (43, "ada@example.com", [])
        assert (cart["subtotal_price"], cart["total_price"], cart["currency"]) == ("0.00", "0.00", "USD")
        again = APIClient().get(answer["Location"], headers={"X-Cart-Token": cart["token"]})
        assert again.status_code == 200
        assert "token" not in again.json()

    def test_start_for_a_customer_without_a_token(self):
        client = customer()

        cart = client.post("/api/v1/carts/").json()

        assert cart["token"] is None
        assert client.get(f"/api/v1/carts/{cart['id']}/").status_code == 200
        assert APIClient().get(f"/api/v1/carts/{cart['id']}/").status_code == 404

    def test_are_listed_for_a_customer_newest_first(self):
        user = SignedIn()
        older, newer = customer_cart(user.pk), customer_cart(user.pk)
        customer_cart(new_id())

        page = customer(user).get("/api/v1/carts/").json()

        assert [cart["id"] for cart in page["results"]] == [str(newer.id), str(older.id)]

    def test_are_not_listed_for_a_guest(self):
        assert APIClient().get("/api/v1/carts/").status_code == 401

    def test_refuse_an_address_that_is_none(self):
        answer = APIClient().post("/api/v1/carts/", {"email": "ada"})

        assert answer.status_code == 422
        assert answer.json()["errors"] == {"email": ["Enter a valid email address."]}


class TestCart:
    def test_is_a_404_for_everybody_else(self):
        found = guest(shirt())
        path = f"/api/v1/carts/{found.cart_id}/"

        for stranger, headers in ((APIClient(), {}), (APIClient(), {"X-Cart-Token": "guessed"}), (customer(), {})):
            for answer in (stranger.get(path, headers=headers), stranger.delete(path, headers=headers)):
                assert (answer.status_code, answer.json()["code"]) == (404, "cart_not_found")

        assert found.cart().status_code == 200

    def test_is_deleted(self):
        found = guest(shirt())

        assert found.client.delete(f"/api/v1/carts/{found.cart_id}/", headers=found.headers).status_code == 204
        assert found.cart().status_code == 404

    def test_keeps_contact_and_addresses(self):
        found = guest()

        answer = found.client.patch(
            f"/api/v1/carts/{found.cart_id}/",
            {"email": "ada@example.com", "shipping_address": PARTS},
            headers=found.headers,
        )

        assert answer.status_code == 200
        assert (answer.json()["email"], answer.json()["shipping_address"]) == ("ada@example.com", ADDRESS)
        assert found.cart().json() == answer.json()

    def test_names_each_wrong_part_of_an_address(self):
        found = guest()

        answer = found.client.patch(
            f"/api/v1/carts/{found.cart_id}/",
            {"shipping_address": {"name": "Ada Lovelace", "line1": "12 St James's Square", "country": "GB"}},
            headers=found.headers,
        )

        assert answer.status_code == 422
        assert answer.json()["errors"] == {
            "shipping_address.city": ["An address in GB needs this part."],
            "shipping_address.postal_code": ["An address in GB needs this part."],
        }


class TestLines:
    def test_answer_with_the_whole_cart(self):
        variant, found = shirt(price="49.90", sku="LINEN-BLUE-M"), guest()

        answer = found.add(variant, 2)

        cart = answer.json()
        assert answer.status_code == 201
        assert cart["lines"] == [
            {
                "id": cart["lines"][0]["id"],
                "product_id": str(variant.product_id),
                "variant_id": str(variant.id),
                "title": "Linen Shirt",
                "variant_title": "Blue / M",
                "sku": "LINEN-BLUE-M",
                "image_url": None,
                "quantity": 2,
                "price": "49.90",
                "total": "99.80",
            }
        ]
        assert (cart["subtotal_price"], cart["total_price"]) == ("99.80", "99.80")
        assert found.cart().json()["lines"] == cart["lines"]

    def test_take_two_statements(self):
        variant, found = shirt(), guest(shirt())

        with statements(orders=1, catalog=1):
            found.add(variant)

    @pytest.mark.parametrize(
        ("body", "errors"),
        [
            ({}, {"variant_id": ["This field is required."]}),
            ({"variant_id": "blue"}, {"variant_id": ["Must be a valid UUID."]}),
            (
                {"variant_id": str(uuid4()), "quantity": 0},
                {"quantity": ["Ensure this value is greater than or equal to 1."]},
            ),
            (
                {"variant_id": str(uuid4()), "quantity": 10**18},
                {"quantity": ["Ensure this value is less than or equal to 10000."]},
            ),
            ({"variant_id": str(uuid4()), "quantity": "two"}, {"quantity": ["A valid integer is required."]}),
        ],
    )
    def test_name_each_wrong_field(self, body, errors):
        found = guest()

        answer = found.client.post(f"/api/v1/carts/{found.cart_id}/lines/", body, headers=found.headers)

        assert (answer.status_code, answer.json()["errors"]) == (422, errors)
        assert found.cart().json()["lines"] == []

    def test_say_what_cannot_be_had(self):
        scarce, gone, found = shirt(inventory_quantity=1), shirt(is_active=False), guest()

        too_many, not_sold = found.add(scarce, 2), found.add(gone)

        assert (too_many.status_code, too_many.json()["code"]) == (409, "insufficient_stock")
        assert too_many.json()["lines"] == [{"variant_id": str(scarce.id), "requested": 2, "available": 1}]
        assert (not_sold.status_code, not_sold.json()["code"]) == (409, "product_unavailable")

    def test_say_which_variant_does_not_exist(self):
        found, variant_id = guest(), str(uuid4())

        answer = found.client.post(
            f"/api/v1/carts/{found.cart_id}/lines/", {"variant_id": variant_id}, headers=found.headers
        )

        assert (answer.status_code, answer.json()["code"]) == (422, "unknown_variant")
        assert answer.json()["variant_id"] == variant_id

    def test_change_their_quantity_and_go(self):
        found = guest(shirt())
        path = f"/api/v1/carts/{found.cart_id}/lines/{found.cart().json()['lines'][0]['id']}/"

        more = found.client.patch(path, {"quantity": 3}, headers=found.headers)
        none = found.client.delete(path, headers=found.headers)

        assert (more.status_code, more.json()["total_price"]) == (200, "147.00")
        assert (none.status_code, none.json()["lines"], none.json()["total_price"]) == (200, [], "0.00")
        assert found.client.delete(path, headers=found.headers).json()["code"] == "line_not_found"


class TestMerge:
    def test_makes_a_guests_cart_the_customers(self):
        user, found = SignedIn(), guest(shirt())

        answer = customer(user).post(f"/api/v1/carts/{found.cart_id}/merge/", headers=found.headers)

        assert (answer.status_code, answer.json()["id"]) == (200, found.cart_id)
        assert found.cart().status_code == 404
        assert customer(user).get(f"/api/v1/carts/{found.cart_id}/").json()["total_price"] == "49.00"

    def test_needs_a_login(self):
        found = guest(shirt())

        answer = found.client.post(f"/api/v1/carts/{found.cart_id}/merge/", headers=found.headers)

        assert answer.status_code == 401
