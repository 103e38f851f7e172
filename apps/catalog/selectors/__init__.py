"""What the catalogue tells those who ask."""

from .audit import Finding, audit_inventory
from .offers import Offer, list_offers
from .products import (
    find_product,
    in_category,
    list_categories,
    list_categories_of,
    list_stock,
    list_variants,
    visible_products,
)

__all__ = [
    "Finding",
    "Offer",
    "audit_inventory",
    "find_product",
    "in_category",
    "list_categories",
    "list_categories_of",
    "list_offers",
    "list_stock",
    "list_variants",
    "visible_products",
]
