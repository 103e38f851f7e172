"""What the catalogue is asked in a saga, what it answers, and what it announces."""

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from apps.sagas.messages import Command, Event, Refusal, Reply


class CatalogCommand(Command):
    """A command that the catalogue handles."""

    participant = "catalog"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderedLine:
    """
    One variant of an order, as the buyer saw it.

    `quantity` in pieces, at least 1; `unit_price` in the order's currency.
    """

    variant_id: UUID
    quantity: int
    unit_price: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class ValidateProducts(CatalogCommand):
    """Check that each variant can still be bought, at the price the order says. A variant stands in one line only."""

    order_id: UUID
    currency: str
    lines: tuple[OrderedLine, ...]


@dataclass(frozen=True, slots=True)
class ProductsValidated(Reply):
    """Every line is for sale at its price."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnavailableProduct:
    """A line whose product or variant is not for sale any more; without SKU and title where it exists no more."""

    variant_id: UUID
    sku: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductUnavailable(Refusal):
    """Some products are not for sale; `lines` names each."""

    code: ClassVar[str] = "product_unavailable"
    message: str
    lines: tuple[UnavailableProduct, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedPrice:
    """A line whose price changed; both prices in the order's currency."""

    variant_id: UUID
    ordered_price: Decimal
    current_price: Decimal
    sku: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceChanged(Refusal):
    """Some prices changed since the order was written; `lines` names each."""

    code: ClassVar[str] = "price_changed"
    message: str
    lines: tuple[ChangedPrice, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CurrencyNotSold(Refusal):
    """The order is in another currency than the shop sells in; both as ISO 4217 codes."""

    code: ClassVar[str] = "currency_not_sold"
    message: str
    ordered_currency: str
    shop_currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseProductValidation(CatalogCommand):
    """Undo ValidateProducts: nothing was changed, so only the tombstone is left."""

    order_id: UUID


@dataclass(frozen=True, slots=True)
class ProductValidationReleased(Reply):
    """Nothing of the validation is left, and a late one does nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StockLine:
    """Pieces of one variant; `quantity` at least 1."""

    variant_id: UUID
    quantity: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReserveInventory(CatalogCommand):
    """Hold stock for every line of an order, or for none. A variant stands in one line only."""

    order_id: UUID
    lines: tuple[StockLine, ...]


@dataclass(frozen=True, slots=True)
class InventoryReserved(Reply):
    """The stock of every line is held for the order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortage:
    """A line that asks for more pieces than there are; without SKU and title where the variant exists no more."""

    variant_id: UUID
    requested: int
    available: int
    sku: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class InventoryUnavailable(Refusal):
    """There is too little stock; `lines` names each short line. Nothing is held."""

    code: ClassVar[str] = "insufficient_stock"
    message: str
    lines: tuple[Shortage, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseInventory(CatalogCommand):
    """Give back whatever is held for an order; nothing held is fine."""

    order_id: UUID


@dataclass(frozen=True, slots=True)
class InventoryReleased(Reply):
    """Nothing is held for the order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CommitInventory(CatalogCommand):
    """Turn what is held for a confirmed order into a sale."""

    order_id: UUID


@dataclass(frozen=True, slots=True)
class InventoryCommitted(Reply):
    """The order's stock has left as sold, and the ledger of movements says so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RestockGoods(CatalogCommand):
    """
    Take the goods of one return back into what can be sold; a variant stands in one line only.

    Damaged goods have no line. `note` is the return's number, for the ledger of movements.
    """

    order_id: UUID
    return_id: UUID
    note: str
    lines: tuple[StockLine, ...]


@dataclass(frozen=True, slots=True)
class GoodsRestocked(Reply):
    """What has a stock is back in it, and the ledger of movements says so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductUpdated(Event):
    """What customers see of a product changed."""

    type: ClassVar[str] = "product.updated"
    aggregate: ClassVar[str] = "product"
    product_id: UUID
    slug: str

    @property
    def aggregate_id(self) -> UUID:
        return self.product_id


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductStockFlipped(Event):
    """A product came into stock, or ran out of it."""

    type: ClassVar[str] = "product.stock_flipped"
    aggregate: ClassVar[str] = "product"
    product_id: UUID
    in_stock: bool

    @property
    def aggregate_id(self) -> UUID:
        return self.product_id


@dataclass(frozen=True, slots=True, kw_only=True)
class VariantStockLow(Event):
    """What can be sold of a variant came down to its product's `low_stock_threshold`, from above; in pieces."""

    type: ClassVar[str] = "variant.stock_low"
    aggregate: ClassVar[str] = "variant"
    variant_id: UUID
    product_id: UUID
    sku: str
    inventory_quantity: int

    @property
    def aggregate_id(self) -> UUID:
        return self.variant_id


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewEvent(Event):
    """Something that happened to a review; `rating` is from 1 to 5."""

    aggregate: ClassVar[str] = "review"
    review_id: UUID
    product_id: UUID
    rating: int

    @property
    def aggregate_id(self) -> UUID:
        return self.review_id


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewSubmitted(ReviewEvent):
    """A customer wrote a review, or changed theirs."""

    type: ClassVar[str] = "review.submitted"
    is_verified_purchase: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewApproved(ReviewEvent):
    """A review is seen by everybody from now on."""

    type: ClassVar[str] = "review.approved"
