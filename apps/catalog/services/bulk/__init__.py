"""What is done to many variants and products in one call: set-based, item by item accounted for."""

from .activation import Activation, set_active
from .items import BulkRefused, ItemResult, Status, Target
from .prices import ChangedPrices, PriceChangeIsUndone, change_prices, show_new_prices
from .reckoning import Keep, Repricing
from .undo import UndoneItem, UndonePrices, prune_price_changes, undo_price_change

__all__ = [
    "Activation",
    "BulkRefused",
    "ChangedPrices",
    "ItemResult",
    "Keep",
    "PriceChangeIsUndone",
    "Repricing",
    "Status",
    "Target",
    "UndoneItem",
    "UndonePrices",
    "change_prices",
    "prune_price_changes",
    "set_active",
    "show_new_prices",
    "undo_price_change",
]
