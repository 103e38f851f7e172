"""The catalogue's back office. Stock changes by the services alone; the ledger and the holds are only looked at."""

from .categories import CategoryAdmin
from .inventory import InventoryMovementAdmin
from .markets import MarketAdmin
from .products import ProductAdmin
from .reviews import ProductReviewAdmin
from .search import SearchBoostAdmin, SearchSynonymAdmin
from .variants import ProductVariantAdmin

__all__ = [
    "CategoryAdmin",
    "InventoryMovementAdmin",
    "MarketAdmin",
    "ProductAdmin",
    "ProductReviewAdmin",
    "ProductVariantAdmin",
    "SearchBoostAdmin",
    "SearchSynonymAdmin",
]
