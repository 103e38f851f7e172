"""What the shop raises or lowers in the answer to a query."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from apps.catalog.statements import SQL


@dataclass(frozen=True, slots=True)
class Boost:
    """One of vendor, product_type, tag, categories (with what stands below) and product_id, and what it is worth."""

    vendor: str
    product_type: str
    tag: str
    categories: list[UUID]
    product_id: UUID | None
    factor: float

    @property
    def condition(self) -> tuple[str, object]:
        """Return what is true of the products it means, in SQL, with its value."""
        if self.product_id:
            return "found.id = %s", self.product_id
        if self.categories:
            return (
                "EXISTS (SELECT FROM product_categories c WHERE c.product_id = found.id AND c.category_id = ANY (%s))",
                self.categories,
            )
        if self.vendor:
            return "lower(found.vendor) = lower(%s)", self.vendor
        if self.product_type:
            return "lower(found.product_type) = lower(%s)", self.product_type
        return "found.tags @> ARRAY[%s::text]", self.tag


def list_boosts(*, text: str) -> Sequence[Boost]:
    """Return the boosts of a query, and those of every query."""
    return SQL.rows("list_boosts", Boost, text=text)
