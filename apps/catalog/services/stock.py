"""What the services of stock share: variants under lock, and what a change of stock tells the world."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from apps.catalog.selectors import is_unlimited
from apps.catalog.statements import SQL
from apps.catalog.wording import full_title

from .announcements import LowVariant, announce_flips, announce_low_stock


@dataclass(frozen=True, slots=True)
class LockedVariant:
    """A variant whose row this transaction holds; quantities in pieces."""

    id: UUID
    product_id: UUID
    sku: str
    variant_title: str
    product_name: str
    inventory_quantity: int
    allow_backorder: bool
    track_inventory: bool
    low_stock_threshold: int
    is_located: bool

    @property
    def is_unlimited(self) -> bool:
        return is_unlimited(allow_backorder=self.allow_backorder, track_inventory=self.track_inventory)

    @property
    def full_title(self) -> str:
        return full_title(self.product_name, self.variant_title)


@dataclass(frozen=True, slots=True)
class StockStep:
    """What one statement did to the quantity of one variant that can be sold."""

    variant_id: UUID
    product_id: UUID
    allow_backorder: bool
    before: int
    after: int

    @property
    def may_flip(self) -> bool:
        """Whether the product may have come into stock or run out of it by this."""
        return not self.allow_backorder and (self.before > 0) != (self.after > 0)

    def runs_low(self, threshold: int) -> bool:
        """Whether the variant came down to the threshold by this, from above it."""
        return self.before > threshold >= self.after


def lock_variants(variant_ids: Iterable[UUID]) -> dict[UUID, LockedVariant]:
    """Lock variants in id order, so two batches never wait for each other in a circle; unknown ids are left out."""
    locked = SQL.rows("lock_variants", LockedVariant, variants=sorted(set(variant_ids)))
    return {variant.id: variant for variant in locked}


def tell_flips(steps: Iterable[StockStep]) -> None:
    """Announce the products that flipped; costs nothing when none can have."""
    if products := {step.product_id for step in steps if step.may_flip}:
        announce_flips(product_ids=products)


def tell_lows(steps: Iterable[StockStep], variants: Mapping[UUID, LockedVariant]) -> None:
    """
    Announce the variants that ran low; costs nothing when none did.

    The rows are locked, so each of the steps that ever happen to a variant begins where the last one ended: exactly one
    of them crosses the threshold on the way down, whatever happens at once.
    """
    low = [
        LowVariant(variant_id=step.variant_id, product_id=step.product_id, sku=variant.sku, left=step.after)
        for step in steps
        if (variant := variants[step.variant_id]).track_inventory and step.runs_low(variant.low_stock_threshold)
    ]
    announce_low_stock(variants=low)
