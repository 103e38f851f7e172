"""A guest at the till of the shop in this process: the API as it is, without a server before it."""

from collections.abc import Sequence
from contextlib import nullcontext
from uuid import UUID, uuid4

from rest_framework.test import APIClient

from ecommerce.testing.customer import ADDRESS

from .surprises import die, surprised

SOLD_OUT = 409


def check_out(variants: Sequence[UUID], card: str, *, dies_at: str | None = None) -> list[UUID]:
    """
    Fill a cart, order it, and order it again under the same key, as a browser does that heard nothing.

    Args:
        dies_at: the failpoint at which the process dies that takes the first of the two.

    Returns:
        The orders that the shop named: one, unless it breaks its word; none where it is sold out by now.
    """
    client = APIClient()
    cart = client.post("/api/v1/carts/", {"email": "ann@example.com"}, format="json").json()
    headers = {"X-Cart-Token": cart["token"], "Idempotency-Key": f'"{uuid4()}"'}
    path = f"/api/v1/carts/{cart['id']}"
    for variant_id in variants:
        line = {"variant_id": str(variant_id), "quantity": 1}
        if client.post(f"{path}/lines/", line, format="json", headers=headers).status_code == SOLD_OUT:
            return []
    body = {"email": "ann@example.com", "shipping_address": ADDRESS, "payment_method": card}
    named: dict[UUID, None] = {}
    for point in (dies_at, None):
        with surprised(point, die) if point else nullcontext():
            answer = client.post(f"{path}/checkout/", body, format="json", headers=headers)
            assert answer.status_code == 202, answer.content
            named[UUID(answer.json()["id"])] = None
    return list(named)
