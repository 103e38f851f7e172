"""Does the stock add up?"""

from dataclasses import dataclass
from uuid import UUID

from apps.catalog.statements import SQL


@dataclass(frozen=True, slots=True)
class Finding:
    """
    One place where an equation of stock does not hold.

    `kind` names the equation: `ledger` (movements = sellable + held), `reserved` (holds = held), `negative`, `product`
    (a product's totals = its variants'), `no variant`, `unsold` (a sold reservation has its movement). `id` is the
    variant's, for `product` and `no variant` the product's; `sku` is its SKU, for `unsold` the order's id.
    """

    kind: str
    id: UUID
    sku: str
    expected: str
    found: str


def list_inventory_findings() -> list[Finding]:
    """Return every place where the equations of stock do not hold, by kind and id; empty when all is well."""
    return SQL.rows("list_inventory_findings", Finding)
