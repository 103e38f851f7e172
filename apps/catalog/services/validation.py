"""Checking an order against the catalogue, before anything is held."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from apps.catalog.contracts import ChangedPrice, OrderedLine, UnavailableProduct, ValidateProducts
from apps.catalog.selectors import Offer, list_offers
from apps.catalog.wording import full_title


@dataclass(frozen=True, slots=True, kw_only=True)
class Objections:
    """What stands against one order; `shop_currency` is set where the order is in another one (ISO 4217)."""

    shop_currency: str | None = None
    unavailable: tuple[UnavailableProduct, ...] = ()
    changed_prices: tuple[ChangedPrice, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.shop_currency or self.unavailable or self.changed_prices)


def validate_products(*, orders: Sequence[ValidateProducts], shop_currency: str) -> dict[UUID, Objections]:
    """
    Check that each line of each order can still be bought, at the price and in the currency the order says.

    Changes nothing. One statement for the whole batch.

    Returns:
        What stands against each refused order; orders in order are left out.
    """
    offers = list_offers(variant_ids=[line.variant_id for order in orders for line in order.lines])
    checked = {order.order_id: _objections(order, offers, shop_currency) for order in orders}
    return {order_id: objections for order_id, objections in checked.items() if objections}


def _objections(order: ValidateProducts, offers: Mapping[UUID, Offer], shop_currency: str) -> Objections:
    if order.currency != shop_currency:
        return Objections(shop_currency=shop_currency)
    on_sale = {variant: offer for variant, offer in offers.items() if offer.is_available}
    return Objections(
        unavailable=tuple(_unavailable(line, offers) for line in order.lines if line.variant_id not in on_sale),
        changed_prices=tuple(
            _changed(line, on_sale[line.variant_id])
            for line in order.lines
            if line.variant_id in on_sale and on_sale[line.variant_id].price != line.unit_price
        ),
    )


def _unavailable(line: OrderedLine, offers: Mapping[UUID, Offer]) -> UnavailableProduct:
    offer = offers.get(line.variant_id)
    if offer is None:
        return UnavailableProduct(variant_id=line.variant_id)
    return UnavailableProduct(
        variant_id=line.variant_id, sku=offer.sku, title=full_title(offer.title, offer.variant_title)
    )


def _changed(line: OrderedLine, offer: Offer) -> ChangedPrice:
    return ChangedPrice(
        variant_id=line.variant_id,
        ordered_price=line.unit_price,
        current_price=offer.price,
        sku=offer.sku,
        title=full_title(offer.title, offer.variant_title),
    )
