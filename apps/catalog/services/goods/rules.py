"""What must be true of a product and its variants, whoever writes them: each rule names the field it is about."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from apps.catalog.models import Product, ProductVariant
from apps.catalog.statements import DATABASE

MOST_OPTIONS = 3
SLUG = re.compile(r"[\w-]+")
# Addresses below /products/ that are no product's.
RESERVED_SLUGS = frozenset(("suggest",))

Flaws = dict[str, list[str]]
Options = tuple[str | None, str | None, str | None]


def product_flaws(product: Product) -> Flaws:
    """
    Return what is wrong with a product by itself, by field; empty where nothing is. No query.

    Lengths, and that numbers are numbers, are checked where they are read.
    """
    flaws: dict[str, list[str]] = defaultdict(list)
    if not SLUG.fullmatch(product.slug or "") or product.slug in RESERVED_SLUGS:
        flaws["slug"].append("Give letters, digits and hyphens, and no name that the shop uses itself.")
    if product.published_at and product.unpublished_at and product.unpublished_at <= product.published_at:
        flaws["unpublished_at"].append("It ends before it begins.")
    if product.requires_shipping and (product.is_digital or product.is_gift_card):
        flaws["requires_shipping"].append("What is digital or a gift card is not shipped.")
    flaws |= option_flaws(product.options) | image_flaws(product.images)
    return dict(flaws)


def option_flaws(options: Any) -> Flaws:
    """Return what is wrong with a product's options: at most three, each with a name and values of its own."""
    if not (isinstance(options, list) and all(map(_is_option, options))):
        return {"options": ['Give a list of {"name": ..., "values": [...]}.']}
    if len(options) > MOST_OPTIONS:
        return {"options": [f"A product has at most {MOST_OPTIONS} options."]}
    names = [option["name"] for option in options]
    if len(set(names)) < len(names):
        return {"options": ["Two options have the same name."]}
    if any(len(set(option["values"])) < len(option["values"]) for option in options):
        return {"options": ["An option has the same value twice."]}
    return {}


def _is_option(option: Any) -> bool:
    return (
        isinstance(option, dict)
        and isinstance(option.get("name"), str)
        and bool(option["name"])
        and isinstance(option.get("values"), list)
        and all(isinstance(value, str) and value for value in option["values"])
    )


def image_flaws(images: Any) -> Flaws:
    """Return what is wrong with a product's pictures: each has an address, and perhaps words for who cannot see it."""
    if not (isinstance(images, list) and all(map(_is_image, images))):
        return {"images": ['Give a list of {"url": ..., "alt": ...}; a url begins with https://, http:// or /.']}
    return {}


def _is_image(image: Any) -> bool:
    if not isinstance(image, dict) or not isinstance(image.get("alt", ""), str | None):
        return False
    url = image.get("url")
    return isinstance(url, str) and url.startswith(("https://", "http://", "/")) and not url.startswith("//")


def variants_flaw(variants: Iterable[Options]) -> str | None:
    """Return what is wrong with the options of all variants of a product together."""
    options = [tuple(value or None for value in values) for values in variants]
    return "Two variants have the same options." if len(set(options)) < len(options) else None


def fitting_flaws(options: Sequence[Mapping[str, Any]], variant: Options) -> Flaws:
    """Return where a variant does not fit the options of its product: a value for each, and one that it lists."""
    flaws: Flaws = {}
    for number, value in enumerate(variant, start=1):
        option = options[number - 1] if number <= len(options) else None
        if option is None and value:
            flaws[f"option{number}"] = ["The product has no such option."]
        elif option is not None and value not in option["values"]:
            known = ", ".join(option["values"])
            flaws[f"option{number}"] = [f"Give one of the values of {option['name']}: {known}."]
    return flaws


def options_of(variant: ProductVariant) -> Options:
    return (variant.option1, variant.option2, variant.option3)


def skus_of_others(*, skus: Collection[str], product_id: Any) -> list[str]:
    """Return those of some SKUs that variants of other products have, in order."""
    variants = ProductVariant.objects.using(DATABASE).filter(sku__in=skus).exclude(product_id=product_id)
    return sorted(variants.values_list("sku", flat=True))
