"""What every edit of one product shares: it is held, it is still what the editor saw, and nothing of it is wrong."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from uuid import UUID

from django.db import transaction

from apps.catalog.models import Product
from apps.catalog.selectors import get_sheet
from apps.catalog.services.products import lock_product
from apps.catalog.statements import DATABASE
from apps.core.exceptions import DomainError, InvalidInput
from apps.core.integrity import translated

from .rules import Flaws


class ChangedMeanwhile(DomainError):
    """Somebody else changed the product since the editor read it; `version` is what it is now."""

    code = "changed_meanwhile"
    status = 412


class StillNamed(DomainError):
    """The ledger of stock or an order names what was to be deleted: deactivate it instead."""

    code = "still_named"


def invalid(flaws: Mapping[str, list[str]]) -> InvalidInput:
    return InvalidInput("Some fields are wrong; `errors` names each of them.", errors=dict(flaws))


def refuse(flaws: Flaws) -> None:
    """Raise InvalidInput where anything is wrong."""
    if flaws:
        raise invalid(flaws)


def _still_named() -> StillNamed:
    return StillNamed("The ledger of stock or an order names it: take it off sale instead.")


# What the database refuses, though the rules looked before: somebody else was quicker.
REFUSALS = {
    "products_slug_key": lambda: invalid({"slug": ["Another product has this slug."]}),
    "products_sku_key": lambda: invalid({"sku": ["Another product has this SKU."]}),
    "product_variants_sku_key": lambda: invalid({"sku": ["Another variant has this SKU."]}),
    "variant_options_are_unique": lambda: invalid({"option1": ["Another variant has the same options."]}),
    "inventory_movements_product_variant_id_fkey": _still_named,
    "inventory_reservations_variant_id_fkey": _still_named,
}


@contextmanager
def editing(product_id: UUID, versions: Collection[str] | None) -> Iterator[Product]:
    """
    Hold a product and its variants in one transaction, and tell by name what the database refuses.

    Raises:
        ProductNotFound: there is no such product.
        ChangedMeanwhile: it is none of the `versions` that the editor has seen.
    """
    with translated(REFUSALS), transaction.atomic(using=DATABASE):
        lock_product(product_id=product_id)
        version = get_sheet(product_id=product_id)["version"]
        if versions is not None and "*" not in versions and version not in versions:
            raise ChangedMeanwhile("Somebody else changed the product meanwhile: read it again.", version=version)
        yield Product.objects.using(DATABASE).get(id=product_id)
