"""Short ways for tests to change much at once, and to look at it."""

from decimal import Decimal

from apps.catalog import services
from apps.catalog.models import PriceChangeItem, Product, ProductVariant


def to(variant, price=None, **asked):
    """A new price of a variant, by its SKU."""
    return services.Repricing(
        target=services.Target(sku=variant.sku), price=None if price is None else Decimal(price), **asked
    )


def change(*changes, **options):
    return services.change_prices(changes=changes, actor_id=None, source="api", **options)


def said(results):
    """What came of each item: its status, and how many variants changed or why not."""
    return [(result.status.value, result.reason or result.variants) for result in results]


def prices_of(*variants):
    found = ProductVariant.objects.using("catalog").in_bulk([variant.id for variant in variants])
    return [found[variant.id].price for variant in variants]


def shown(variant):
    """The prices that a variant's product shows."""
    return Product.objects.using("catalog").values_list("price", "compare_price").get(id=variant.product_id)


def items_of(change_id):
    """What a change wrote down of each variant, in id order."""
    found = PriceChangeItem.objects.using("catalog").filter(change_id=change_id).order_by("variant_id")
    return list(found.values_list("variant_id", "old_price", "new_price", "is_restored"))
