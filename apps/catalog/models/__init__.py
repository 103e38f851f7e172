"""
The catalogue's tables. Foreign keys are declared in sql/0002_references.sql, with the names and
delete rules of the founding design.

Two words for stock: `inventory_quantity` is what can be sold, `reserved_quantity` what orders under way hold; on hand
is their sum, which equals the sum of the variant's `inventory_movements`.
"""

from .categories import Category, CategoryAncestor
from .history import ProductChange
from .idempotency import IdempotencyRecord
from .images import ImageFetch, ImageUse
from .inventory import InventoryMovement, InventoryReservation, SalesCounted
from .locations import LocationMovement, ReservationLocation, StockLevel, StockLocation
from .markets import Market, MarketPrice
from .messages import OutboxEvent, SagaInbox
from .prices import PriceChange, PriceChangeItem
from .products import Product, ProductCategory
from .publishing import PublicationsTold
from .redirects import CategorySlugRedirect, ProductSlugRedirect
from .reviews import ProductPurchase, ProductReview, ReviewVote
from .search import SearchBoost, SearchSynonym, SearchWord
from .variants import ProductVariant

__all__ = [
    "Category",
    "CategoryAncestor",
    "CategorySlugRedirect",
    "IdempotencyRecord",
    "ImageFetch",
    "ImageUse",
    "InventoryMovement",
    "InventoryReservation",
    "LocationMovement",
    "Market",
    "MarketPrice",
    "OutboxEvent",
    "PriceChange",
    "PriceChangeItem",
    "Product",
    "ProductCategory",
    "ProductChange",
    "ProductPurchase",
    "ProductReview",
    "ProductSlugRedirect",
    "ProductVariant",
    "PublicationsTold",
    "ReservationLocation",
    "ReviewVote",
    "SagaInbox",
    "SalesCounted",
    "SearchBoost",
    "SearchSynonym",
    "SearchWord",
    "StockLevel",
    "StockLocation",
]
