"""What the catalogue tells those who ask."""

from .audit import (
    Finding,
    Holding,
    Restocked,
    list_holdings,
    list_inventory_findings,
    list_restocked,
    list_variant_findings,
    list_variant_ids,
)
from .categories import (
    CategoryNotFound,
    Counted,
    count_products_below,
    find_category,
    get_category,
    in_category,
    list_categories,
    list_categories_of,
    list_children,
)
from .history import list_product_changes
from .ledger import (
    SkuNotFound,
    StockCount,
    StockMovement,
    count_products,
    list_ledger,
    list_levels,
    list_movements_of,
    list_stock_counts,
)
from .offers import Offer, list_offers
from .office import LowStock, list_low_stock, list_shelves, stands_below
from .prices import PriceChangeNotFound, get_price_change, list_price_change_items, list_price_changes
from .products import (
    ProductNotFound,
    get_product,
    list_products,
    list_stock,
    list_variants,
)
from .redirects import find_renamed_category, find_renamed_product
from .search import SEARCH_WINDOW, Found, Match, Suggestions, search_products, suggest
from .selling import LOW, is_unlimited
from .sheets import PRODUCT_FIELDS, STATES, VARIANT_FIELDS, get_sheet, list_all_products

__all__ = [
    "LOW",
    "PRODUCT_FIELDS",
    "SEARCH_WINDOW",
    "STATES",
    "VARIANT_FIELDS",
    "CategoryNotFound",
    "Counted",
    "Finding",
    "Found",
    "Holding",
    "LowStock",
    "Match",
    "Offer",
    "PriceChangeNotFound",
    "ProductNotFound",
    "Restocked",
    "SkuNotFound",
    "StockCount",
    "StockMovement",
    "Suggestions",
    "count_products",
    "count_products_below",
    "find_category",
    "find_renamed_category",
    "find_renamed_product",
    "get_category",
    "get_price_change",
    "get_product",
    "get_sheet",
    "in_category",
    "is_unlimited",
    "list_all_products",
    "list_categories",
    "list_categories_of",
    "list_children",
    "list_holdings",
    "list_inventory_findings",
    "list_ledger",
    "list_levels",
    "list_low_stock",
    "list_movements_of",
    "list_offers",
    "list_price_change_items",
    "list_price_changes",
    "list_product_changes",
    "list_products",
    "list_restocked",
    "list_shelves",
    "list_stock",
    "list_stock_counts",
    "list_variant_findings",
    "list_variant_ids",
    "list_variants",
    "search_products",
    "stands_below",
    "suggest",
]
