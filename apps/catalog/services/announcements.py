"""What the catalogue tells the world, in the commit in which it happened, and which cached pages that makes stale."""

from collections.abc import Collection
from uuid import UUID

from apps.catalog import contracts
from apps.catalog.models import Product
from apps.catalog.statements import DATABASE, rows
from apps.sagas.outbox import publish


def announce_flips(*, product_ids: Collection[UUID]) -> list[contracts.ProductStockFlipped]:
    """
    Tell which of these products came into stock or ran out of it since that was last told.

    Runs inside the caller's transaction. Each flip is told once, whoever changed the stock: what was last told stands
    in `announced_in_stock`, under the row's lock.

    Returns:
        The events written, in no order; empty when nothing flipped.
    """
    flipped = rows("note_flips", lambda product, slug, in_stock: (product, slug, in_stock), products=list(product_ids))
    events = [contracts.ProductStockFlipped(product_id=product, in_stock=in_stock) for product, _, in_stock in flipped]
    publish(events, using=DATABASE)
    return events


def announce_products(*, product_ids: Collection[UUID]) -> None:
    """
    Tell that what customers see of these products changed, and which of them flipped; call it after every write.

    Runs inside the caller's transaction, and locks the products in id order.
    """
    locked = Product.objects.using(DATABASE).select_for_update(no_key=True).filter(id__in=product_ids).order_by("id")
    changed = [
        contracts.ProductUpdated(product_id=product, slug=slug) for product, slug in locked.values_list("id", "slug")
    ]
    publish(changed, using=DATABASE)
    announce_flips(product_ids=product_ids)
