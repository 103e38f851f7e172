"""Which products a list holds, and in what order."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django_filters.rest_framework import FilterSet

from apps.catalog.models import Product
from apps.catalog.selectors import in_category

# The last field is unique, and each has its index.
ORDERINGS = {
    "created": ("created_at", "id"),
    "-created": ("-created_at", "-id"),
    "price": ("price", "id"),
    "-price": ("-price", "-id"),
    "name": ("name", "id"),
    "-name": ("-name", "-id"),
    "popularity": ("popularity_score", "id"),
    "-popularity": ("-popularity_score", "-id"),
    # Of equal averages the one of more ratings is better.
    "rating": ("rating_average", "rating_count", "id"),
    "-rating": ("-rating_average", "-rating_count", "-id"),
}
DEFAULT_SORT = "-created"
# The order of a search, unless another is asked for.
RELEVANCE = "relevance"
LONGEST_SEARCH = 200


class ProductFilter(FilterSet):
    category = django_filters.CharFilter(
        method="of_category", help_text="The slug or id of a category; what stands below it counts too."
    )
    price_min = django_filters.NumberFilter("price", "gte", min_value=0)
    price_max = django_filters.NumberFilter("price", "lte", min_value=0)
    tags = django_filters.CharFilter(method="with_tags", help_text="Tags with commas between; one of them is enough.")
    vendor = django_filters.CharFilter("vendor", "icontains", help_text="A part of the vendor's name.")
    in_stock = django_filters.ChoiceFilter(
        method="in_or_out_of_stock", choices=[("true", "true"), ("false", "false")], null_label=None, empty_label=None
    )
    search = django_filters.CharFilter(
        method="found_later",
        max_length=LONGEST_SEARCH,
        help_text="Words of the name, the description, the number, the vendor, the type or the tags; slips are mended.",
    )
    sort = django_filters.ChoiceFilter(
        method="sorted_later",
        choices=[(name, name) for name in (*ORDERINGS, RELEVANCE)],
        help_text=f"A minus reverses; when left out `{RELEVANCE}` with `search`, else `{DEFAULT_SORT}`.",
    )

    market = django_filters.CharFilter(
        method="priced_already", help_text="The code of a market: prices are those there, in its currency."
    )

    class Meta:
        model = Product
        fields: list[str] = []

    def of_category(self, products: QuerySet[Product], name: str, value: str) -> QuerySet[Product]:
        return in_category(products, value)

    def with_tags(self, products: QuerySet[Product], name: str, value: str) -> QuerySet[Product]:
        return products.filter(tags__overlap=[tag.strip() for tag in value.split(",") if tag.strip()])

    def in_or_out_of_stock(self, products: QuerySet[Product], name: str, value: str) -> QuerySet[Product]:
        return products.filter(in_stock=value == "true")

    def found_later(self, products: QuerySet[Product], name: str, value: Any) -> QuerySet[Product]:
        """What the other filters leave is searched."""
        return products

    def priced_already(self, products: QuerySet[Product], name: str, value: str) -> QuerySet[Product]:
        """The products came with their prices in the market."""
        return products

    def sorted_later(self, products: QuerySet[Product], name: str, value: Any) -> QuerySet[Product]:
        """The pages order the rows."""
        return products


class MarketFilter(ProductFilter):
    """Of products with their prices in a market (selectors.priced_in)."""

    price_min = django_filters.NumberFilter("market_price", "gte", min_value=0)
    price_max = django_filters.NumberFilter("market_price", "lte", min_value=0)
    sort = django_filters.ChoiceFilter(
        method="sorted_later",
        choices=[(name, name) for name in (*ORDERINGS, RELEVANCE) if name.lstrip("-") != "price"],
    )
