"""The facets of a list: what its products can be narrowed to, and how many that leaves."""

from collections.abc import Callable, Sequence
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request

from apps.catalog import selectors
from apps.catalog.models import Product
from apps.catalog.selectors import FACETS, FacetsAsked

from .filters import ProductFilter, options_of
from .shown import asked_names

# The filters that a facet leaves aside, so that what else could be chosen is counted too. A category's facet stays
# inside it and shows what is right below; who asks for all of some tags narrows by each.
OWN = {
    "vendor": ("vendor",),
    "product_type": ("product_type",),
    "tags": ("tags",),
    "price": ("price_min", "price_max"),
    "rating": ("rating_min",),
    "in_stock": ("in_stock",),
}
PARAMETER = OpenApiParameter(
    "facets", str, description=f"Some of {', '.join(FACETS)} with commas between, or `true` for all of them."
)
Narrow = Callable[[QuerySet[Product]], QuerySet[Product]]


def asked_facets(request: Request) -> Sequence[str]:
    """Return the facets that a request asks for, none where it says nothing. Raises InvalidInput."""
    # The prices of a market are those of variants, which no facet counts.
    known = [kind for kind in FACETS if kind != "price" or not request.query_params.get("market")]
    if request.query_params.get("facets", "").strip() == "true":
        return known
    return asked_names(request, "facets", known) or []


def facets_of(filters: ProductFilter, kinds: Sequence[str], narrow: Narrow) -> dict[str, Any]:
    """
    Return the facets of a list, each under all filters but its own.

    Facets without a filter are counted together; each of the others, and each option that is filtered, by itself.

    Args:
        narrow: finds in products what is searched for.
    """
    counted: dict[str, dict[str, Any]] = {kind: {"is_exact": True, "values": []} for kind in kinds}
    for instead, asked in asked_of(filters, kinds):
        for kind, facet in selectors.count_facets(narrow(filters.chosen(**instead)), asked).items():
            counted[kind]["is_exact"] &= facet.is_exact
            counted[kind]["values"] += [value.value | {"count": value.products} for value in facet.values]
    return counted


def asked_of(filters: ProductFilter, kinds: Sequence[str]) -> list[tuple[dict[str, Any], FacetsAsked]]:
    """Return what to count, each with the filters that are left aside for it."""
    given = dict.fromkeys(filters.filters) | filters.form.cleaned_data
    own = {kind: dict.fromkeys(names) for kind, names in OWN.items() if any(is_given(given[name]) for name in names)}
    options = options_of(given["option"] or ()) if "option" in kinds else {}
    together = [kind for kind in kinds if kind not in own]
    below = filters.category_id if given["category"] else None
    asked: list[tuple[dict[str, Any], FacetsAsked]] = []
    if together:
        asked.append(({}, FacetsAsked(kinds=together, below=below, but_options=list(options))))
    asked += [(own[kind], FacetsAsked(kinds=[kind])) for kind in kinds if kind in own]
    for name in options:
        others = [one for one in given["option"] if one.partition(":")[0].strip() != name]
        asked.append(({"option": others}, FacetsAsked(kinds=["option"], only_options=[name])))
    return asked


def is_given(value: Any) -> bool:
    return value not in (None, "", [])
