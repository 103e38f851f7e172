"""What the catalogue tells the world, in the commit in which it happened, and which kept pages that makes stale."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef

from apps.catalog import contracts
from apps.catalog.caching import CATEGORIES, LISTS, VARIANTS, forget, pages_of
from apps.catalog.models import Product, ProductSlugRedirect
from apps.catalog.statements import DATABASE, SQL
from apps.sagas.outbox import publish

FORMER_SLUGS = ArraySubquery(ProductSlugRedirect.objects.filter(product=OuterRef("pk")).values("slug"))


@dataclass(frozen=True, slots=True)
class Shown:
    """A product as customers may see it now, and whether that it is in stock or not is news."""

    id: UUID
    slug: str
    in_stock: bool
    flipped: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LowVariant:
    """A variant of which no more than its threshold can be sold any more; `left` in pieces."""

    variant_id: UUID
    product_id: UUID
    sku: str
    left: int


def announce_low_stock(*, variants: Collection[LowVariant]) -> None:
    """Tell that variants ran low, inside the transaction that holds their locks; one statement, none for no variant."""
    publish(
        [
            contracts.VariantStockLow(
                variant_id=variant.variant_id,
                product_id=variant.product_id,
                sku=variant.sku,
                inventory_quantity=variant.left,
            )
            for variant in variants
        ],
        using=DATABASE,
    )


def announce_flips(*, product_ids: Collection[UUID]) -> None:
    """
    Tell which of these products came into stock or ran out of it since that was last told.

    Call it when a variant of theirs did. Runs inside the caller's transaction; two statements, one when no product
    flipped. Each flip is told once, whoever changed the stock: what was last told stands in `announced_in_stock`,
    under the row's lock. After the commit the products' pages and the lists that show variants are stale, and
    all lists when a product flipped.
    """
    shown = SQL.rows("note_flips", Shown, products=list(product_ids))
    flipped = [product for product in shown if product.flipped]
    publish(
        [contracts.ProductStockFlipped(product_id=product.id, in_stock=product.in_stock) for product in flipped],
        using=DATABASE,
    )
    forget([VARIANTS, *pages_of([product.slug for product in shown]), *([LISTS] if flipped else [])])


def announce_products(*, product_ids: Collection[UUID], former_slugs: Collection[str] = ()) -> None:
    """
    Tell that what customers see of these products changed, and which of them flipped; call it after every write.

    Runs inside the caller's transaction, and locks the products in id order; four statements for any number. After the
    commit their pages, under every slug they ever had, and the lists are stale.

    Args:
        former_slugs: addresses of products that are gone.
    """
    locked = Product.objects.using(DATABASE).select_for_update(no_key=True).filter(id__in=product_ids).order_by("id")
    changed = list(locked.annotate(former=FORMER_SLUGS).values_list("id", "slug", "former"))
    publish([contracts.ProductUpdated(product_id=product, slug=slug) for product, slug, _ in changed], using=DATABASE)
    former = {slug for _, _, slugs in changed for slug in slugs}
    forget([LISTS, *pages_of(former.union(former_slugs))])
    announce_flips(product_ids=product_ids)


def announce_categories() -> None:
    """Make every kept page that shows categories stale after the commit; call it after every write to one."""
    forget([CATEGORIES])
