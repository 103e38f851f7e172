"""A customer who shops over HTTP, as a phone or a browser would."""

import json
import os
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import urllib3

from .register import Told
from .stack import Stack

APPROVED = "test_4242424242424242"
DECLINED = "test_4000000000000002"
ADDRESS = {
    "name": "Ann Doe",
    "line1": "1600 Amphitheatre Parkway",
    "city": "Mountain View",
    "region": "CA",
    "postal_code": "94043",
    "country": "US",
}


@dataclass(frozen=True)
class Answer:
    """What the shop answered."""

    status: int
    body: Any
    headers: urllib3.HTTPHeaderDict

    def expect(self, *statuses: int) -> Any:
        """Return the body of an expected answer; anything else fails the test with the whole of it."""
        assert self.status in statuses, f"{self.status}: {self.body}"
        return self.body


@dataclass
class Customer:
    """One shopper; a guest until registered."""

    stack: Stack
    token: str | None = None
    cart_token: str | None = None
    email: str = field(default_factory=lambda: f"{uuid4().hex[:12]}@example.com")

    def ask(self, method: str, path: str, body: Any = None, *, seconds: float = 40.0, **headers: str) -> Answer:
        """Send one request; header names are given with underscores."""
        sent = {"Accept": "application/json"} | {name.replace("_", "-"): value for name, value in headers.items()}
        if body is not None:
            sent["Content-Type"] = "application/json"
        if self.token:
            sent["Authorization"] = f"Bearer {self.token}"
        if self.cart_token:
            sent |= {"X-Cart-Token": self.cart_token, "X-Order-Token": self.cart_token}
        payload, begun_at = None if body is None else json.dumps(body).encode(), time.time()
        response = self.stack.http.request(
            method, self.stack.url(path), body=payload, headers=sent, timeout=urllib3.Timeout(seconds)
        )
        answer = Answer(response.status, json.loads(response.data) if response.data else None, response.headers)
        self._remember(answer.body, begun_at)
        return answer

    def _remember(self, body: Any, begun_at: float) -> None:
        """Keep what was said of an order: whoever judges the shop asks its customers too."""
        if isinstance(body, dict) and {"id", "order_number", "status"} <= body.keys():
            told = Told(begun_at=begun_at, ended_at=time.time(), status=body["status"], process=os.getpid())
            self.stack.told.append((UUID(body["id"]), told))

    def sign_up(self) -> "Customer":
        """Open an account and sign in to it."""
        password = uuid4().hex
        who = {"email": self.email, "password": password, "first_name": "Ann", "last_name": "Doe"}
        self.ask("POST", "/api/v1/auth/register/", who).expect(201)
        signed_in = self.ask("POST", "/api/v1/auth/login/", {"email": self.email, "password": password}).expect(200)
        self.token = signed_in["access_token"]
        return self

    def fill_cart(self, *variants: str, quantity: int = 1) -> str:
        """Open a cart with these variants in it; return its id."""
        cart = self.ask("POST", "/api/v1/carts/", {"email": self.email}).expect(201)
        self.cart_token = cart.get("token")
        for variant_id in variants:
            line = {"variant_id": variant_id, "quantity": quantity}
            self.ask("POST", f"/api/v1/carts/{cart['id']}/lines/", line).expect(200, 201)
        return str(cart["id"])

    def check_out(
        self, cart_id: str, *, card: str = APPROVED, key: str | None = None, wait_seconds: int | None = None
    ) -> Answer:
        """Order a cart; with `wait_seconds` the answer is the order's end, where it comes in time."""
        body = {"email": self.email, "shipping_address": ADDRESS, "payment_method": card}
        headers = {"Idempotency_Key": f'"{key or uuid4()}"'}
        if wait_seconds is not None:
            headers["Prefer"] = f"wait={wait_seconds}"
        return self.ask("POST", f"/api/v1/carts/{cart_id}/checkout/", body, seconds=40.0, **headers)

    def order_status(self, order_id: str) -> dict[str, Any]:
        """Ask how far an order is."""
        status: dict[str, Any] = self.ask("GET", f"/api/v1/orders/{order_id}/status/").expect(200)
        return status


def carts(stack: Stack, count: int, *variants: object) -> list[tuple[Customer, str]]:
    """Return so many guests, each with these variants in a cart."""

    def fill(_: int) -> tuple[Customer, str]:
        guest = Customer(stack)
        return guest, guest.fill_cart(*(str(variant) for variant in variants))

    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(fill, range(count)))
