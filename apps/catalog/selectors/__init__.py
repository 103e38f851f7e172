"""What the catalogue tells those who ask."""

from .audit import Finding, audit_inventory
from .categories import Node, list_tree, stands_in
from .ledger import StockCount, StockMovement, has_products, list_movements_of, list_stock_counts
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
from .selling import is_unlimited

__all__ = [
    "Finding",
    "Node",
    "Offer",
    "StockCount",
    "StockMovement",
    "audit_inventory",
    "find_product",
    "has_products",
    "in_category",
    "is_unlimited",
    "list_categories",
    "list_categories_of",
    "list_movements_of",
    "list_offers",
    "list_stock",
    "list_stock_counts",
    "list_tree",
    "list_variants",
    "stands_in",
    "visible_products",
]
