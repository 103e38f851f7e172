"""Callers of the API: guests with the tokens of their carts, and customers who are logged in."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from rest_framework.response import Response
from rest_framework.test import APIClient

from apps.core.ids import new_id

PARTS = {
    "name": "Ada Lovelace",
    "line1": "12 St James's Square",
    "city": "London",
    "postal_code": "SW1Y 4JH",
    "country": "GB",
}


@dataclass
class SignedIn:
    """As much of a user as a request shows."""

    pk: UUID = field(default_factory=new_id)
    email: str = "ada@example.com"
    is_authenticated = True


def customer(user: SignedIn | None = None) -> APIClient:
    client = APIClient()
    client.force_authenticate(user=user or SignedIn())  # type: ignore[arg-type]
    return client


@dataclass
class Guest:
    """Somebody with a cart of their own, and with the headers that open it."""

    client: APIClient
    cart_id: str
    headers: dict[str, str]

    def add(self, variant: Any, quantity: int = 1) -> Response:
        body = {"variant_id": str(variant.id), "quantity": quantity}
        return self.client.post(f"/api/v1/carts/{self.cart_id}/lines/", body, headers=self.headers)

    def cart(self) -> Response:
        return self.client.get(f"/api/v1/carts/{self.cart_id}/", headers=self.headers)

    def check_out(self, *, key: str | None = None, prefer: str | None = None, **changes: Any) -> Response:
        body = {
            "email": "ada@example.com",
            "shipping_address": PARTS,
            "payment_method": "test_4242424242424242",
        } | changes
        headers = self.headers | {"Idempotency-Key": key or str(uuid4())} | ({"Prefer": prefer} if prefer else {})
        return self.client.post(f"/api/v1/carts/{self.cart_id}/checkout/", body, headers=headers)

    def order(self, order_id: str, part: str = "") -> Response:
        headers = {"X-Order-Token": self.headers["X-Cart-Token"]}
        return self.client.get(f"/api/v1/orders/{order_id}/{part}", headers=headers)


def guest(*variants: Any) -> Guest:
    """A guest with a cart that holds one piece of each variant."""
    client = APIClient()
    cart = client.post("/api/v1/carts/").json()
    found = Guest(client, cart["id"], {"X-Cart-Token": cart["token"]})
    for variant in variants:
        assert found.add(variant).status_code == 201
    return found
