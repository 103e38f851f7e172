"""Editing one product with its variants: one rule in one place, whoever edits."""

from .editing import ChangedMeanwhile, StillNamed
from .products import change_product, create_product, delete_product, new_flaws
from .rules import product_flaws, skus_of_others, variants_flaw
from .variants import add_variant, change_variant, delete_variant, order_variants

__all__ = [
    "ChangedMeanwhile",
    "StillNamed",
    "add_variant",
    "change_product",
    "change_variant",
    "create_product",
    "delete_product",
    "delete_variant",
    "new_flaws",
    "order_variants",
    "product_flaws",
    "skus_of_others",
    "variants_flaw",
]
