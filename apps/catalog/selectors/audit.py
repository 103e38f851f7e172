"""Does the stock add up?"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from apps.catalog.statements import SQL


@dataclass(frozen=True, slots=True)
class Finding:
    """
    One place where an equation of stock does not hold.

    `kind` names the equation: `ledger` (movements = sellable + held), `reserved` (holds = held), `negative`, `product`
    (a product's totals = its variants'), `no variant`, `unsold` (a sold reservation has its movement). Of variants with
    places: `levels` (their sums = the variant's numbers), `ledger of a place`, `reserved at a place`, `places of an
    order` (its reservation = what its places hold), `inactive place` (nothing stands there). `id` is the variant's, for
    `product` and `no variant` the product's; `sku` is its SKU, for `unsold` and `places of an order` the order's id.
    """

    kind: str
    id: UUID
    sku: str
    expected: str
    found: str


def list_inventory_findings() -> list[Finding]:
    """
    Return where the equations of stock do not hold, by kind and id, those of places last; empty when all is well.

    Two statements, so two snapshots; each is sound by itself.
    """
    return SQL.rows("list_inventory_findings", Finding) + SQL.rows("list_location_findings", Finding)


def list_variant_findings(*, variant_ids: Sequence[UUID]) -> list[Finding]:
    """
    Return where the equations of single variants do not hold: `ledger`, `reserved` and `negative`, by id and kind.

    One statement; it reads all movements of these variants.
    """
    return SQL.rows("list_variant_findings", Finding, ids=list(variant_ids))


def list_variant_ids(*, after: UUID, limit: int) -> list[UUID]:
    """Return the next variants after an id, in the order of their ids."""
    return SQL.column("list_variant_ids", after=after, limit=limit)


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """
    What one order holds of one variant, in pieces; `state` is held, released or sold.

    `moved` is what the ledger of movements says was sold of it. A sale that no reservation explains is `missing` it.
    """

    order_id: UUID
    variant_id: UUID
    quantity: int
    state: str
    moved: int


def list_holdings(*, order_ids: Sequence[UUID]) -> list[Holding]:
    """Return what orders hold, held, or had sold; nothing of an order that never held anything. One statement."""
    return SQL.rows("list_holdings", Holding, ids=list(order_ids)) if order_ids else []


@dataclass(frozen=True, slots=True, kw_only=True)
class Restocked:
    """Pieces of one variant that one order's returns brought back into what can be sold, by the ledger of movements."""

    order_id: UUID
    variant_id: UUID
    quantity: int


def list_restocked(*, order_ids: Sequence[UUID]) -> list[Restocked]:
    """Return what came back of orders; nothing of an order whose goods stayed away. One statement."""
    return SQL.rows("list_restocked", Restocked, ids=list(order_ids)) if order_ids else []
