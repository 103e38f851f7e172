"""What of each product an answer shows: `fields` leaves members out, `expand` adds what else belongs to a product."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any, Self
from uuid import UUID

from django.conf import settings
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request

from apps.catalog import selectors
from apps.core.api.shapes import Shape
from apps.core.exceptions import InvalidInput

from .pages import names_in
from .shapes import LISTED_PRODUCT, PRODUCT_CATEGORY, VARIANT

Objects = dict[UUID, list[dict[str, Any]]]
FIELDS = OpenApiParameter("fields", str, description="Names of members with commas between; the others are left out.")


def variants_of(products: Collection[UUID]) -> Objects:
    """Return the variants of each product, in display order; one query."""
    rows = selectors.list_variants_of(product_ids=products, columns=VARIANT.columns)
    return gathered(rows, products, lambda row: VARIANT.object_of(row, currency=settings.SHOP_CURRENCY))


def categories_of(products: Collection[UUID]) -> Objects:
    """Return the categories of each product; one query."""
    rows = selectors.list_categories_of_each(product_ids=products, columns=PRODUCT_CATEGORY.columns)
    return gathered(rows, products, PRODUCT_CATEGORY.object_of)


def gathered(
    rows: selectors.Rows, products: Collection[UUID], write: Callable[[Mapping[str, Any]], dict[str, Any]]
) -> Objects:
    objects: Objects = {product: [] for product in products}
    for row in rows:
        objects[row["of_product"]].append(write(row))
    return objects


EXPANSIONS: dict[str, Callable[[Collection[UUID]], Objects]] = {"variants": variants_of, "categories": categories_of}
EXPAND = OpenApiParameter("expand", str, description=f"Some of {', '.join(EXPANSIONS)}, with commas between.")


class Shown:
    """What a list of products shows of each."""

    def __init__(self, shape: Shape, expansions: Sequence[str] = ()) -> None:
        self.shape = shape
        self.expansions = expansions
        self.constants = {"currency": settings.SHOP_CURRENCY} if "currency" in shape.names else {}
        self.columns = list(dict.fromkeys(("id", *shape.columns)))

    @classmethod
    def asked_by(cls, request: Request) -> Self:
        """Return what `fields` and `expand` of a request ask for. Raises InvalidInput."""
        # What each variant costs in a market is on its product's page.
        known = [name for name in EXPANSIONS if name != "variants" or not request.query_params.get("market")]
        return cls(asked_shape(request, LISTED_PRODUCT), asked_names(request, "expand", known) or [])

    @property
    def whole(self) -> "Shown":
        """The same with all members, for who goes on with them."""
        return Shown(LISTED_PRODUCT, self.expansions)

    def part_of(self, product: Mapping[str, Any]) -> dict[str, Any]:
        """Return what is asked for of a product that was written whole."""
        return {name: product[name] for name in dict.fromkeys((*self.shape.names, *self.expansions))}

    def objects_of(self, rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """Write rows that have `columns`; one query more for each expansion."""
        rows = list(rows)
        products = [row["id"] for row in rows]
        added = {name: EXPANSIONS[name](products) for name in self.expansions}
        return [
            self.shape.object_of(row, **self.constants, **{name: some[row["id"]] for name, some in added.items()})
            for row in rows
        ]


def asked_shape(request: Request, shape: Shape) -> Shape:
    """Return a shape with the members that `fields` names, all of them where it is left out. Raises InvalidInput."""
    names = asked_names(request, "fields", shape.names)
    return shape if names is None else shape.only(names)


def asked_names(request: Request, parameter: str, known: Sequence[str]) -> list[str] | None:
    """
    Return the names that a parameter asks for, in the order of those that are known; None where it is left out.

    Raises:
        InvalidInput: one of them is not known.
    """
    asked = names_in(request.query_params.get(parameter, ""))
    if unknown := [name for name in asked if name not in known]:
        said = f"Unknown: {', '.join(unknown)}. There are: {', '.join(known)}."
        raise InvalidInput("What is asked for does not exist.", errors={parameter: [said]})
    return [name for name in known if name in asked] or None
