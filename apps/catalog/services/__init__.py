"""
What the catalogue does. Everybody locks variants first, in id order, then products, in id order.
"""

from .acting import acting
from .announcements import announce_categories, announce_flips, announce_products
from .bulk import (
    Activation,
    BulkRefused,
    ChangedPrices,
    ItemResult,
    Keep,
    PriceChangeIsUndone,
    Repricing,
    Status,
    Target,
    UndoneItem,
    UndonePrices,
    change_prices,
    prune_price_changes,
    set_active,
    undo_price_change,
)
from .categories import CategoryBelowItself, CategoryHasChildren, delete_category, lock_tree, move_category
from .cleaning import delete_expired
from .ledger import Because
from .movements import (
    StockCannotBeNegative,
    StockChange,
    StockLevel,
    VariantNotFound,
    adjust_inventory,
    restock,
    set_inventory,
)
from .popularity import count_sales
from .products import LastVariant, SkuTaken, check_variants_left, lock_product, set_categories, settle_product
from .reservations import (
    Demand,
    StockAlreadyReleased,
    commit_inventory,
    release_inventory,
    reserve_inventory,
)
from .returns import ReturnedGoods, restock_goods
from .reviews import approve_reviews
from .search import (
    announce_searches,
    learn_changed_products,
    learn_import,
    learn_search_words,
    move_search_tiers,
    recount_search_words,
)
from .stock_lists import MovedItem, StockItem, TooMuchStock, adjust_items, restock_items
from .validation import Objections, validate_products

__all__ = [
    "Activation",
    "Because",
    "BulkRefused",
    "CategoryBelowItself",
    "CategoryHasChildren",
    "ChangedPrices",
    "Demand",
    "ItemResult",
    "Keep",
    "LastVariant",
    "MovedItem",
    "Objections",
    "PriceChangeIsUndone",
    "Repricing",
    "ReturnedGoods",
    "SkuTaken",
    "Status",
    "StockAlreadyReleased",
    "StockCannotBeNegative",
    "StockChange",
    "StockItem",
    "StockLevel",
    "Target",
    "TooMuchStock",
    "UndoneItem",
    "UndonePrices",
    "VariantNotFound",
    "acting",
    "adjust_inventory",
    "adjust_items",
    "announce_categories",
    "announce_flips",
    "announce_products",
    "announce_searches",
    "approve_reviews",
    "change_prices",
    "check_variants_left",
    "commit_inventory",
    "count_sales",
    "delete_category",
    "delete_expired",
    "learn_changed_products",
    "learn_import",
    "learn_search_words",
    "lock_product",
    "lock_tree",
    "move_category",
    "move_search_tiers",
    "prune_price_changes",
    "recount_search_words",
    "release_inventory",
    "reserve_inventory",
    "restock",
    "restock_goods",
    "restock_items",
    "set_active",
    "set_categories",
    "set_inventory",
    "settle_product",
    "undo_price_change",
    "validate_products",
]
