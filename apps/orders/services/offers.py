"""What the catalogue offers now, held against what a cart wants."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from apps.catalog.selectors import Offer, list_offers
from apps.core.exceptions import DomainError
from apps.orders.models import CartLineItem

MOST_PIECES = 10_000
"""The most pieces of one variant in one cart."""
LONGEST_IMAGE_URL = 500


class UnknownVariant(DomainError):
    """The catalogue has no variant of this id."""

    code = "unknown_variant"
    status = 422


class ProductUnavailable(DomainError):
    """Some products are not for sale; `lines` names each variant."""

    code = "product_unavailable"


class InsufficientStock(DomainError):
    """There are fewer pieces than asked for; `lines` says how many of each short variant can be had."""

    code = "insufficient_stock"


def offer_of(variant_id: UUID) -> Offer:
    """
    Return what the catalogue offers of one variant; one statement.

    Raises:
        UnknownVariant: there is no such variant.
        ProductUnavailable: it is not for sale.
    """
    offer = list_offers(variant_ids=[variant_id]).get(variant_id)
    if offer is None:
        raise UnknownVariant("The catalogue has no such variant.", variant_id=str(variant_id))
    if not offer.is_available:
        raise ProductUnavailable(f"{offer.title} is not for sale.", lines=[{"variant_id": str(variant_id)}])
    return offer


def most_of(offer: Offer) -> int:
    """Return how many pieces of a variant one cart may hold now."""
    return MOST_PIECES if offer.allow_backorder else min(offer.available_quantity, MOST_PIECES)


def snapshot(offer: Offer) -> dict[str, object]:
    """Return what a cart's line keeps of an offer, by column."""
    image_url = offer.image_url if len(offer.image_url or "") <= LONGEST_IMAGE_URL else None
    return {
        "price": offer.price,
        "title": offer.title,
        "variant_title": offer.variant_title,
        "sku": offer.sku,
        "image_url": image_url,
    }


def shortage(offer: Offer, *, requested: int) -> InsufficientStock:
    """Return the refusal of one variant."""
    available = most_of(offer)
    sentence = f"Only {available} of {offer.title} can be had." if available else f"{offer.title} is sold out."
    line = {"variant_id": str(offer.variant_id), "requested": requested, "available": available}
    return InsufficientStock(sentence, lines=[line])


def check_sellable(lines: Sequence[CartLineItem], offers: Mapping[UUID, Offer]) -> None:
    """
    Refuse a cart of which any line cannot be sold now.

    Raises:
        ProductUnavailable: names each line that is not for sale any more.
        InsufficientStock: names each line that asks for more than there is.
    """
    on_sale = {variant_id for variant_id, offer in offers.items() if offer.is_available}
    if gone := [line for line in lines if line.variant_id not in on_sale]:
        titles = ", ".join(line.title for line in gone)
        raise ProductUnavailable(f"Not for sale any more: {titles}.", lines=[named(line) for line in gone])
    if short := [line for line in lines if line.quantity > most_of(offers[line.variant_id])]:
        titles = ", ".join(line.title for line in short)
        raise InsufficientStock(
            f"There are fewer pieces than you want of: {titles}.",
            lines=[
                named(line) | {"requested": line.quantity, "available": most_of(offers[line.variant_id])}
                for line in short
            ],
        )


def named(line: CartLineItem) -> dict[str, object]:
    """Return by what a client finds a line of its cart."""
    return {"line_id": str(line.id), "variant_id": str(line.variant_id), "title": line.title}
