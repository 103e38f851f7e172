"""Short ways for tests to fill carts, to order, and to look at what came of it."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connections

from apps.accounts.contracts import PostalAddress
from apps.catalog.tests.factories import VariantFactory
from apps.orders import services
from apps.orders.buyers import Buyer
from apps.orders.models import Order, OrderEvent, OutboxEvent
from apps.orders.selectors import FilledCart
from apps.orders.services import Checkout

from .factories import ADDRESS

LONDON = PostalAddress(**ADDRESS)


@dataclass(frozen=True)
class Basket:
    """A cart, and who may open it."""

    id: UUID
    buyer: Buyer
    filled: FilledCart | None


def guest_cart(*lines: tuple[Any, int]) -> Basket:
    """A guest's cart with these variants and quantities."""
    new = services.create_cart(user_id=None)
    return fill(Basket(new.cart.id, Buyer(token=new.token), None), *lines)


def customer_cart(user_id: UUID, *lines: tuple[Any, int]) -> Basket:
    """A customer's cart with these variants and quantities."""
    new = services.create_cart(user_id=user_id)
    return fill(Basket(new.cart.id, Buyer(user_id=user_id), None), *lines)


def fill(basket: Basket, *lines: tuple[Any, int]) -> Basket:
    filled = basket.filled
    for variant, quantity in lines:
        filled = services.add_line(buyer=basket.buyer, cart_id=basket.id, variant_id=variant.id, quantity=quantity)
    return Basket(basket.id, basket.buyer, filled)


def shirt(**columns: Any) -> Any:
    """A linen shirt for sale."""
    return VariantFactory.create(**{"product__name": "Linen Shirt", "title": "Blue / M"} | columns)


def till(**changes: Any) -> Checkout:
    """What a buyer in London says at the till."""
    said: dict[str, Any] = {
        "payment_method": "test_4242424242424242",
        "email": "ada@example.com",
        "shipping_address": LONDON,
    }
    return Checkout(**said | changes)


def order(basket: Basket, **changes: Any) -> Order:
    """Order a basket."""
    return services.place_order(buyer=basket.buyer, cart_id=basket.id, checkout=till(**changes))


def change(variant: Any, **columns: Any) -> None:
    """Change what the catalogue says of a variant."""
    VariantFactory._meta.model.objects.using("catalog").filter(id=variant.id).update(**columns)


def told(order_id: UUID) -> list[tuple[str, dict[str, Any]]]:
    """The events about an order in the outbox, oldest first."""
    events = OutboxEvent.objects.using("orders").filter(aggregate_id=order_id).order_by("aggregate_seq")
    return list(events.values_list("type", "payload"))


def history(order_id: UUID) -> list[str]:
    """The events of an order's own history, oldest first."""
    events = OrderEvent.objects.using("orders").filter(order_id=order_id).order_by("created_at", "id")
    return list(events.values_list("event_type", flat=True))


def sagas_of(order_id: UUID) -> list[tuple[str, str, str, dict[str, Any]]]:
    """Definition, status, lane and data of the sagas of an order."""
    with connections["orders"].cursor() as cursor:
        cursor.execute("SELECT definition, status, lane, data FROM saga_transactions WHERE order_id = %s", [order_id])
        return cursor.fetchall()
