"""What a variant is sold as, for carts and orders that keep it as a snapshot."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import F

from apps.catalog.models import ProductVariant

from .selling import FOR_SALE, UNLIMITED


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """
    A variant as it is sold now.

    Prices in `currency` (ISO 4217); `compare_price` is the former, higher one. `weight` in grams. `is_available` tells
    whether it may be bought at all: product and variant active, product published. Stock is another matter:
    `available_quantity` in pieces, never negative; with `allow_backorder` more may be bought than that.
    """

    variant_id: UUID
    product_id: UUID
    slug: str
    title: str
    variant_title: str
    sku: str
    vendor: str | None
    product_type: str | None
    weight: Decimal | None
    image_url: str | None
    price: Decimal
    compare_price: Decimal | None
    currency: str
    is_available: bool
    available_quantity: int
    allow_backorder: bool
    requires_shipping: bool
    taxable: bool


def list_offers(*, variant_ids: Iterable[UUID]) -> dict[UUID, Offer]:
    """
    Return what each variant is sold as, by its id, in no order; variants that do not exist are left out. One query.

    The answer holds at this moment only: price and stock are checked again when an order is processed.
    """
    wanted = set(variant_ids)
    return {row["variant_id"]: _offer(row) for row in _rows(wanted)} if wanted else {}


def _rows(variant_ids: set[UUID]) -> Iterable[Mapping[str, Any]]:
    return (
        ProductVariant.objects.using("catalog")
        .filter(id__in=variant_ids)
        .values(
            "product_id",
            "sku",
            "price",
            "compare_price",
            "inventory_quantity",
            variant_id=F("id"),
            slug=F("product__slug"),
            name=F("product__name"),
            variant_title=F("title"),
            vendor=F("product__vendor"),
            product_type=F("product__product_type"),
            variant_weight=F("weight"),
            product_weight=F("product__weight"),
            variant_image=F("image_url"),
            images=F("product__images"),
            for_sale=FOR_SALE,
            unlimited=UNLIMITED,
            variant_ships=F("requires_shipping"),
            product_ships=F("product__requires_shipping"),
            is_digital=F("product__is_digital"),
            is_gift_card=F("product__is_gift_card"),
            variant_taxable=F("taxable"),
            product_taxable=F("product__taxable"),
        )
    )


def _offer(row: Mapping[str, Any]) -> Offer:
    weight = row["variant_weight"] if row["variant_weight"] is not None else row["product_weight"]
    return Offer(
        variant_id=row["variant_id"],
        product_id=row["product_id"],
        slug=row["slug"],
        title=row["name"],
        variant_title=row["variant_title"],
        sku=row["sku"],
        vendor=row["vendor"],
        product_type=row["product_type"],
        weight=weight,
        image_url=row["variant_image"] or first_image(row["images"]),
        price=row["price"],
        compare_price=row["compare_price"],
        currency=settings.SHOP_CURRENCY,
        is_available=row["for_sale"],
        available_quantity=max(row["inventory_quantity"], 0),
        allow_backorder=row["unlimited"],
        requires_shipping=row["variant_ships"]
        and row["product_ships"]
        and not (row["is_digital"] or row["is_gift_card"]),
        taxable=row["variant_taxable"] and row["product_taxable"],
    )


def first_image(images: list[dict[str, Any]]) -> str | None:
    """Return the address of a product's first picture."""
    return images[0].get("url") if images else None
