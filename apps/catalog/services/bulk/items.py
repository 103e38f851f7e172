"""What one call may change many of: how a caller names each, and what came of it."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from apps.catalog.statements import SQL
from apps.core.exceptions import DomainError


class BulkRefused(DomainError):
    """Something of a call is wrong that was to be done whole or not at all; `items` says what came of each."""

    code = "bulk_refused"
    status = 422


class Status(StrEnum):
    """What came of one item of a call."""

    CHANGED = "changed"
    UNCHANGED = "unchanged"
    NOT_FOUND = "not_found"
    INVALID = "invalid"


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemResult:
    """What came of one item; `variants` counts those whose row changed, `reason` is a sentence where it is refused."""

    status: Status
    variants: int = 0
    reason: str | None = None

    @property
    def is_refused(self) -> bool:
        return self.status in (Status.NOT_FOUND, Status.INVALID)

    def as_dict(self) -> dict[str, Any]:
        """Return the result as JSON values."""
        return {"status": self.status.value, "variants": self.variants, "reason": self.reason}


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What an item is about, named in exactly one way: a variant by id or SKU, or a product by id or slug."""

    variant_id: UUID | None = None
    sku: str | None = None
    product_id: UUID | None = None
    slug: str | None = None

    @property
    def is_product(self) -> bool:
        return self.product_id is not None or self.slug is not None

    @property
    def is_clear(self) -> bool:
        named = (self.variant_id, self.sku, self.product_id, self.slug)
        return sum(name is not None for name in named) == 1


@dataclass(frozen=True, slots=True)
class NamedVariant:
    """A variant that an item names and this transaction holds; prices in the shop's currency."""

    id: UUID
    product_id: UUID
    slug: str
    sku: str
    price: Decimal
    compare_price: Decimal | None
    is_active: bool


class Found:
    """The variants that the items of a call name, as they are under lock."""

    def __init__(self, variants: Sequence[NamedVariant]) -> None:
        self.by_id = {variant.id: variant for variant in variants}
        self.by_sku = {variant.sku: variant for variant in variants}
        self.by_product: dict[UUID, list[NamedVariant]] = defaultdict(list)
        self.by_slug: dict[str, list[NamedVariant]] = defaultdict(list)
        for variant in variants:
            self.by_product[variant.product_id].append(variant)
            self.by_slug[variant.slug].append(variant)

    def of(self, target: Target) -> list[NamedVariant]:
        """Return the variants that a target names, in id order; none when there is no such thing."""
        if target.product_id is not None:
            return self.by_product.get(target.product_id, [])
        if target.slug is not None:
            return self.by_slug.get(target.slug, [])
        found = self.by_sku.get(target.sku) if target.sku is not None else None
        if target.variant_id is not None:
            found = self.by_id.get(target.variant_id)
        return [] if found is None else [found]


class Claims:
    """Which item of a call named a thing first: a later one that names it again is refused, and told of the first."""

    def __init__(self) -> None:
        self._first: dict[UUID, int] = {}

    def take(self, position: int, ids: Sequence[UUID]) -> int | None:
        """Give these things to the item at a position, from 1; return the position of one that has any of them."""
        taken = next((self._first[thing] for thing in ids if thing in self._first), None)
        if taken is None:
            self._first |= dict.fromkeys(ids, position)
        return taken


def lock_named(targets: Sequence[Target]) -> Found:
    """Lock the variants that the targets name, in id order; one statement."""
    return Found(
        SQL.rows(
            "lock_named_variants",
            NamedVariant,
            variants=[target.variant_id for target in targets if target.variant_id is not None],
            skus=[target.sku for target in targets if target.sku is not None],
            products=[target.product_id for target in targets if target.product_id is not None],
            slugs=[target.slug for target in targets if target.slug is not None],
        )
    )


def invalid(reason: str) -> ItemResult:
    """Return what comes of an item that cannot be done."""
    return ItemResult(status=Status.INVALID, reason=reason)


def not_found(target: Target) -> ItemResult:
    """Return what comes of an item about something that does not exist."""
    kind = "product" if target.is_product else "variant"
    return ItemResult(status=Status.NOT_FOUND, reason=f"There is no such {kind}.")


def named_twice(position: int) -> ItemResult:
    """Return what comes of an item about something that an earlier one is about."""
    return invalid(f"Item {position} names it already.")


def refuse_if_any(results: Sequence[ItemResult]) -> None:
    """Refuse the whole call when one of its items is; raises BulkRefused."""
    if refused := sum(result.is_refused for result in results):
        raise BulkRefused(
            f"{refused} of {len(results)} items are wrong, so nothing is changed.",
            items=[result.as_dict() for result in results],
        )
