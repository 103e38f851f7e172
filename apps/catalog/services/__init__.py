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
from .goods import (
    ChangedMeanwhile,
    StillNamed,
    add_variant,
    change_product,
    change_variant,
    create_product,
    delete_product,
    delete_variant,
    new_flaws,
    order_variants,
    product_flaws,
    skus_of_others,
    variants_flaw,
)
from .ledger import Because
from .markets import NewMarketPrice, announce_markets, set_market_prices
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
from .publishing import announce_publications
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
    "ChangedMeanwhile",
    "ChangedPrices",
    "Demand",
    "ItemResult",
    "Keep",
    "LastVariant",
    "MovedItem",
    "NewMarketPrice",
    "Objections",
    "PriceChangeIsUndone",
    "Repricing",
    "ReturnedGoods",
    "SkuTaken",
    "Status",
    "StillNamed",
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
    "add_variant",
    "adjust_inventory",
    "adjust_items",
    "announce_categories",
    "announce_flips",
    "announce_markets",
    "announce_products",
    "announce_publications",
    "announce_searches",
    "approve_reviews",
    "change_prices",
    "change_product",
    "change_variant",
    "check_variants_left",
    "commit_inventory",
    "count_sales",
    "create_product",
    "delete_category",
    "delete_expired",
    "delete_product",
    "delete_variant",
    "learn_changed_products",
    "learn_import",
    "learn_search_words",
    "lock_product",
    "lock_tree",
    "move_category",
    "move_search_tiers",
    "new_flaws",
    "order_variants",
    "product_flaws",
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
    "set_market_prices",
    "settle_product",
    "skus_of_others",
    "undo_price_change",
    "validate_products",
    "variants_flaw",
]
