"""
What the catalogue does. Everybody locks variants first, in id order, then products, in id order.
"""

from .announcements import announce_categories, announce_flips, announce_products
from .movements import (
    Because,
    StockCannotBeNegative,
    StockChange,
    StockLevel,
    UnknownVariant,
    adjust_inventory,
    restock,
    return_inventory,
    set_inventory,
)
from .reservations import (
    Demand,
    StockAlreadyReleased,
    commit_inventory,
    release_inventory,
    reserve_inventory,
)
from .validation import Objections, validate_products

__all__ = [
    "Because",
    "Demand",
    "Objections",
    "StockAlreadyReleased",
    "StockCannotBeNegative",
    "StockChange",
    "StockLevel",
    "UnknownVariant",
    "adjust_inventory",
    "announce_categories",
    "announce_flips",
    "announce_products",
    "commit_inventory",
    "release_inventory",
    "reserve_inventory",
    "restock",
    "return_inventory",
    "set_inventory",
    "validate_products",
]
