"""Who reviews, and where."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

from rest_framework.test import APIClient

from apps.catalog import services
from apps.core.ids import new_id

REVIEWS = "/api/v1/products/linen-shirt/reviews/"
MINE = f"{REVIEWS}mine/"
STAFF = "/api/v1/staff/reviews/"
BOUGHT_AT = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)


@dataclass
class Person:
    """As much of a user as a request shows."""

    pk: UUID = field(default_factory=new_id)
    granted: tuple[str, ...] = ()
    is_authenticated = True

    def has_perm(self, permission: str) -> bool:
        return permission in self.granted


def customer(person: Person | None = None) -> APIClient:
    client = APIClient()
    client.force_authenticate(user=person or Person())  # type: ignore[arg-type]
    return client


def clerk() -> APIClient:
    return customer(Person(granted=("products.view", "products.change")))


def write(product, *, user_id=None, **text):
    text = services.ReviewText(**({"rating": 4, "title": "Wears well"} | text))
    return services.write_review(product_id=product.id, user_id=user_id or new_id(), text=text)


def purchase(product, user_id, **columns):
    row = {"user_id": user_id, "product_id": product.id, "order_id": new_id(), "at": BOUGHT_AT}
    return services.Purchase(**row | columns)
