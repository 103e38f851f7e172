"""What a file can ask for: new prices, or what is on sale."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import ClassVar, TypeVar
from uuid import UUID

from apps.catalog import services
from apps.catalog.importing import values
from apps.catalog.models import PriceChange
from apps.core.ids import new_id

from .columns import BadCell, Cells, Columns, require

T = TypeVar("T")
NO_COMPARE_PRICE = "none"


def take(cells: Cells, name: str, read: Callable[[str], T]) -> T | None:
    """Return what a reader of `values` makes of a cell, None where it is blank; raises BadCell."""
    text = cells.text(name)
    if not text:
        return None
    try:
        return read(text)
    except values.Unfit as unfit:
        raise BadCell(name, unfit.reason) from None


def step(text: str) -> Decimal:
    return values.plain_number(text, example="-12.5")


@dataclass(slots=True)
class PriceJob:
    """A file of prices: `sku`, and `price`, `percent` or `amount`, and `compare_price`. A blank cell says nothing."""

    fields: ClassVar[Sequence[str]] = ("sku", "price", "percent", "amount", "compare_price")
    actor_id: UUID | None = None
    note: str | None = None
    change_id: UUID = field(default_factory=new_id)
    has_changed: bool = False

    def check(self, columns: Columns) -> None:
        require(columns, ["sku"], ["price", "percent", "amount", "compare_price"])

    def read(self, cells: Cells) -> tuple[str, services.Repricing]:
        """Return what a row names and what it asks for; raises BadCell."""
        sku = take(cells, "sku", values.sku)
        if sku is None:
            raise BadCell("sku", "The row names no SKU.")
        steps = {"price": values.price, "percent": step, "amount": step}
        said = {name: number for name, read in steps.items() if (number := take(cells, name, read)) is not None}
        if len(said) > 1:
            raise BadCell(None, f"The row gives {' and '.join(said)}; leave one.")
        compare_price = compare_price_of(cells)
        if not said and compare_price is services.Keep.COMPARE_PRICE:
            raise BadCell(None, "The row gives no price.")
        asked = services.Repricing(target=services.Target(sku=sku), compare_price=compare_price, **said)
        return f"sku {sku}", asked

    def write(self, items: Sequence[services.Repricing], *, atomic: bool, is_dry: bool) -> list[services.ItemResult]:
        made = services.change_prices(
            changes=items,
            actor_id=self.actor_id,
            source=PriceChange.Source.CSV,
            note=self.note,
            atomic=atomic,
            is_dry=is_dry,
            change_id=self.change_id,
        )
        self.has_changed = self.has_changed or made.change_id is not None
        return made.items


@dataclass(slots=True)
class ActivationJob:
    """A file of what is on sale: `sku` of a variant or `slug` of a product, and `active`."""

    fields: ClassVar[Sequence[str]] = ("sku", "slug", "active")

    def check(self, columns: Columns) -> None:
        require(columns, ["sku", "slug"], ["active"])

    def read(self, cells: Cells) -> tuple[str, services.Activation]:
        """Return what a row names, the variant where it has an SKU, and what it asks for; raises BadCell."""
        sku, slug = take(cells, "sku", values.sku), take(cells, "slug", values.slug)
        is_active = take(cells, "active", values.truth)
        if sku is None and slug is None:
            raise BadCell(None, "The row names neither an SKU nor a slug.")
        if is_active is None:
            raise BadCell("active", "Write TRUE or FALSE.")
        target = services.Target(slug=slug) if sku is None else services.Target(sku=sku)
        named = f"slug {slug}" if sku is None else f"sku {sku}"
        return named, services.Activation(target=target, is_active=is_active)

    def write(self, items: Sequence[services.Activation], *, atomic: bool, is_dry: bool) -> list[services.ItemResult]:
        with services.acting(actor_id=None, source="bulk"):
            return services.set_active(changes=items, atomic=atomic, is_dry=is_dry)


def compare_price_of(cells: Cells) -> Decimal | services.Keep | None:
    if not cells.text("compare_price"):
        return services.Keep.COMPARE_PRICE
    if cells.text("compare_price").lower() == NO_COMPARE_PRICE:
        return None
    return take(cells, "compare_price", values.price)
