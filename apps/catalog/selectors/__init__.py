"""What the catalogue tells those who ask."""

from .audit import Finding, audit_inventory
from .categories import Node, list_tree, stands_in
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
    "Node",
    "Offer",
    "audit_inventory",
    "find_product",
    "in_category",
    "list_categories",
    "list_categories_of",
    "list_offers",
    "list_stock",
    "list_tree",
    "list_variants",
    "stands_in",
    "visible_products",
]
