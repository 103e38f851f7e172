"""From a cart to an order under way."""

import re
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.conf import settings
from django.db import transaction

from apps.accounts.contracts import PostalAddress
from apps.catalog.selectors import Offer, list_offers
from apps.core.exceptions import DomainError, InvalidInput
from apps.core.ids import new_id
from apps.core.logs import current_request_id
from apps.core.money import formatted, line_total
from apps.orders.buyers import Buyer
from apps.orders.contracts import OrderPlaced
from apps.orders.models import CartLineItem, Order
from apps.orders.pricing import OrderPrice, price_order
from apps.orders.sagas.order_processing import ORDER_PROCESSING
from apps.orders.sagas.send import OrderProcessing, ProcessedLine
from apps.orders.selectors.carts import FilledCart
from apps.sagas import orchestrator, outbox

from .cart_rules import CurrencyChanged, add_up, change_line, lock_cart
from .offers import check_sellable, named, snapshot
from .placing import Placement, insert_order

# Twelve to nineteen digits and nothing else, grouped or not.
CARD_NUMBER = re.compile(r"^\s*\d(?:[ -]?\d){11,18}\s*$")


class CartEmpty(DomainError):
    """There is nothing in the cart to order."""

    code = "cart_empty"


class PriceChanged(DomainError):
    """
    The buyer would pay another price than the cart showed; the cart shows the new one now.

    `lines` names each line with both prices; where the total alone differs from what the buyer expected, `lines` is
    empty and `total_price` is the new total.
    """

    code = "price_changed"


class NothingToPay(DomainError):
    """The order costs nothing, and a payment of nothing cannot be taken."""

    code = "nothing_to_pay"


class CardNumberGiven(InvalidInput):
    """A card's number came in place of the gateway's token; it has no business here (PCI DSS, requirement 3)."""

    code = "card_number_given"


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkout:
    """
    What a buyer says at the till.

    What is None comes from the cart; a billing address that neither has is the shipping address. `payment_method` is
    the gateway's token, never a card number; `expected_total` in the cart's currency.
    """

    payment_method: str
    email: str | None = None
    shipping_address: PostalAddress | None = None
    billing_address: PostalAddress | None = None
    shipping_method: str | None = None
    expected_total: Decimal | None = None
    notes: str | None = None


def place_order(*, buyer: Buyer, cart_id: UUID, checkout: Checkout) -> Order:
    """
    Make an order of a cart, with status `processing`, and start the saga that ends it as `confirmed` or `failed`.

    Prices, titles and stock are asked of the catalogue once more; the order keeps the answer. Only the cart's own row
    is locked, so checkouts never wait for each other. Not idempotent by itself: a second call finds the cart ordered.

    Returns:
        The order, without its lines.

    Raises:
        CardNumberGiven: the payment method is a card's number; nothing stored it.
        CartNotFound, CartAlreadyOrdered, CartEmpty: there is nothing to order.
        InvalidInput: a part of the checkout is missing or unknown; `errors` names it.
        ProductUnavailable, InsufficientStock: some lines cannot be sold now.
        CurrencyChanged, NothingToPay: this cart cannot be paid.
        PriceChanged: the buyer saw another price. The cart's lines have the new prices, and that is committed.
        On every other one nothing is changed.
    """
    _check_payment_method(checkout.payment_method)
    # Within the transaction of an idempotent request a savepoint would protect nothing: a refusal undoes all of it.
    with transaction.atomic(using="orders", savepoint=False):
        found = lock_cart(cart_id=cart_id, buyer=buyer)
        if not found.lines:
            raise CartEmpty("The cart is empty; put something into it first.")
        offers = list_offers(variant_ids=[line.variant_id for line in found.lines])
        check_sellable(found.lines, offers)
        changed = _changed_prices(found, offers)
        if not changed:
            return _start(buyer, found, offers, checkout)
        _refresh(found, offers)
    raise PriceChanged("Prices changed; the cart shows the new ones.", lines=changed)


def _check_payment_method(token: str) -> None:
    """Refuse a card's number before anything stores it."""
    if CARD_NUMBER.search(token):
        sentence = "This holds a card number; send the token that the gateway gives for it."
        raise CardNumberGiven(sentence, errors={"payment_method": [sentence]})


def _changed_prices(found: FilledCart, offers: dict[UUID, Offer]) -> list[dict[str, object]]:
    """Name the lines whose price is not what the buyer saw. Raises CurrencyChanged."""
    currency = found.cart.currency
    for offer in offers.values():
        if offer.currency != currency:
            raise CurrencyChanged(f"The cart is in {currency}, the shop sells in {offer.currency} now.")
    return [
        named(line) | {"old_price": str(line.price), "new_price": str(offers[line.variant_id].price)}
        for line in found.lines
        if line.price != offers[line.variant_id].price
    ]


def _refresh(found: FilledCart, offers: dict[UUID, Offer]) -> None:
    """Let a locked cart show what the catalogue says now."""
    for line in found.lines:
        if line.price != offers[line.variant_id].price:
            change_line(line, **snapshot(offers[line.variant_id]))
    add_up(found)


def _start(buyer: Buyer, found: FilledCart, offers: dict[UUID, Offer], checkout: Checkout) -> Order:
    """Write the order, start its saga and announce it, in the caller's transaction."""
    placement = _placement_of(buyer, found, offers, checkout)
    order = insert_order(placement)
    saga = orchestrator.Start(
        saga=ORDER_PROCESSING,
        saga_id=new_id(),
        subject_id=order.id,
        order_id=order.id,
        data=_processing_of(order, found.lines, checkout.payment_method),
        deadline_seconds=settings.ORDER_DEADLINE_SECONDS,
        trace_id=current_request_id(),
    )
    orchestrator.begin([saga], actor="checkout")
    outbox.publish([_placed(order)], using="orders")
    return order


def _placement_of(buyer: Buyer, found: FilledCart, offers: dict[UUID, Offer], checkout: Checkout) -> Placement:
    """Complete what the buyer said by what the cart knows. Raises InvalidInput, PriceChanged, NothingToPay."""
    cart = found.cart
    email = checkout.email or cart.email
    shipping = checkout.shipping_address.as_json() if checkout.shipping_address else cart.shipping_address
    billing = checkout.billing_address.as_json() if checkout.billing_address else cart.billing_address
    if not email or not shipping:
        missing = [name for name, value in (("email", email), ("shipping_address", shipping)) if not value]
        errors = {name: ["This field is required."] for name in missing}
        raise InvalidInput("Some fields are missing.", errors=errors)
    price = price_order(
        line_totals=[line_total(line.price, line.quantity, cart.currency) for line in found.lines],
        currency=cart.currency,
        requires_shipping=any(offers[line.variant_id].requires_shipping for line in found.lines),
        shipping_method=checkout.shipping_method,
    )
    _check_total(price, checkout.expected_total)
    return Placement(
        buyer=buyer,
        found=found,
        offers=offers,
        price=price,
        email=email,
        shipping_address=shipping,
        billing_address=billing or shipping,
        notes=checkout.notes,
    )


def _check_total(price: OrderPrice, expected: Decimal | None) -> None:
    """Refuse a total that the buyer did not expect, or that nobody can pay."""
    total = price.total_price
    if expected is not None and expected != total:
        raise PriceChanged(
            f"The order costs {total} {price.currency}, not {formatted(expected, price.currency)}.",
            lines=[],
            total_price=str(total),
            expected_total=formatted(expected, price.currency),
        )
    if total == 0:
        raise NothingToPay("The order costs nothing; orders without a payment are not taken here.")


def _processing_of(order: Order, lines: list[CartLineItem], payment_method: str) -> OrderProcessing:
    """Return what the saga carries of an order."""
    return OrderProcessing(
        order_id=order.id,
        order_number=order.order_number,
        user_id=order.user_id,
        email=order.email,
        currency=order.currency,
        subtotal_price=order.subtotal_price,
        shipping_price=order.shipping_price,
        total_tax=order.total_tax,
        total_discounts=order.total_discounts,
        total_price=order.total_price,
        payment_method=payment_method,
        lines=tuple(
            ProcessedLine(
                variant_id=line.variant_id,
                quantity=line.quantity,
                unit_price=line.price,
                total=line_total(line.price, line.quantity, order.currency),
                title=line.title,
                variant_title=line.variant_title or "",
            )
            for line in lines
        ),
    )


def _placed(order: Order) -> OrderPlaced:
    return OrderPlaced(
        order_id=order.id,
        order_number=order.order_number,
        user_id=order.user_id,
        total_price=order.total_price,
        currency=order.currency,
    )
