"""The statement that writes an order."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from apps.catalog.selectors import Offer
from apps.core.ids import new_id
from apps.core.json import dumps
from apps.orders.buyers import Buyer
from apps.orders.models import CartLineItem, Order
from apps.orders.pricing import OrderPrice
from apps.orders.selectors.carts import FilledCart
from apps.orders.statements import SQL


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """Everything an order is written from: a locked cart, what the catalogue says of its lines, and the price."""

    buyer: Buyer
    found: FilledCart
    offers: Mapping[UUID, Offer]
    price: OrderPrice
    email: str
    shipping_address: dict[str, str]
    billing_address: dict[str, str]
    notes: str | None


def insert_order(placement: Placement) -> Order:
    """
    Write an order with its lines and its first event, and close its cart, inside the caller's transaction.

    One statement; returns the order with its number.
    """
    price, cart = placement.price, placement.found.cart
    values = {
        "order_id": new_id(),
        "event_id": new_id(),
        "cart_id": cart.id,
        # A customer who orders a guest's cart owns the order; the guest's token opens it too.
        "user_id": placement.buyer.user_id,
        "access_token_hash": bytes.fromhex(cart.session_id) if cart.session_id else None,
        "email": placement.email,
        "currency": price.currency,
        "subtotal_price": price.subtotal_price,
        "total_tax": price.total_tax,
        "total_discounts": price.total_discounts,
        "shipping_price": price.shipping_price,
        "total_price": price.total_price,
        "shipping_method": price.shipping_method,
        "shipping_address": _as_json(placement.shipping_address),
        "billing_address": _as_json(placement.billing_address),
        "notes": placement.notes,
        "lines": _as_json([_order_line(line, placement.offers[line.variant_id]) for line in placement.found.lines]),
    }
    (order,) = Order.objects.using("orders").raw(SQL["insert_order"], values)
    return order


def _order_line(line: CartLineItem, offer: Offer) -> dict[str, Any]:
    """Return a line of the order, by column: what the buyer saw, and what else the catalogue says."""
    return {
        "id": new_id(),
        "product_id": line.product_id,
        "variant_id": line.variant_id,
        "quantity": line.quantity,
        "price": line.price,
        "original_price": line.price,
        "title": line.title,
        "variant_title": line.variant_title,
        "sku": line.sku,
        "vendor": offer.vendor,
        "product_type": offer.product_type,
        "weight": offer.weight,
    }


def _as_json(value: Any) -> str:
    return dumps(value).decode()
