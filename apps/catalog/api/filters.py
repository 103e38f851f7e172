"""Which products a list holds, and in what order."""

import csv
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any
from uuid import UUID

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django_filters.rest_framework import FilterSet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field

from apps.catalog.models import Product
from apps.catalog.selectors import CategoryNotFound, below_category, find_category

# By which lists are filtered and sorted.
PRICE = "price"
# The last field is unique, and each has its index.
ORDERINGS = {
    "created": ("created_at", "id"),
    "-created": ("-created_at", "-id"),
    "price": (PRICE, "id"),
    "-price": (f"-{PRICE}", "-id"),
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
# Of a parameter that may be given again and again.
MOST_REPEATED = 20
YES_OR_NO = [("true", "true"), ("false", "false")]


class RepeatedField(forms.Field):
    """All that was given of a parameter, each once, in order."""

    widget = forms.SelectMultiple

    def clean(self, value: Any) -> list[str]:
        given = sorted({one.strip() for one in value or () if one.strip()})
        if len(given) > MOST_REPEATED:
            raise ValidationError(f"Give at most {MOST_REPEATED} of them.")
        return given


class OptionField(RepeatedField):
    def clean(self, value: Any) -> list[str]:
        given = super().clean(value)
        if not all(all(part.strip() for part in one.partition(":")) for one in given):
            raise ValidationError("Give a name and a value with a colon between, such as Size:L.")
        return given


@extend_schema_field({"type": "array", "items": {"type": "string"}})
class RepeatedFilter(django_filters.Filter):
    field_class = RepeatedField


@extend_schema_field({"type": "array", "items": {"type": "string"}})
class OptionFilter(django_filters.Filter):
    field_class = OptionField


@extend_schema_field(OpenApiTypes.DATETIME)
class MomentFilter(django_filters.IsoDateTimeFilter):
    pass


class ProductFilter(FilterSet):
    category = django_filters.CharFilter(
        method="of_category", help_text="The slug or id of a category; what stands below it counts too."
    )
    price_min = django_filters.NumberFilter(PRICE, "gte", min_value=0)
    price_max = django_filters.NumberFilter(PRICE, "lte", min_value=0)
    tags = django_filters.CharFilter(
        method="with_any_tag",
        help_text="Tags with commas between, in quotes where they have one; one of them is enough.",
    )
    tags_all = django_filters.CharFilter(
        method="with_all_tags", help_text="Tags with commas between; products have them all."
    )
    vendor = django_filters.CharFilter("vendor", "icontains", help_text="A part of the vendor's name.")
    product_type = RepeatedFilter(
        method="of_types", help_text="A type as products have it; given again, one of them is enough."
    )
    option = OptionFilter(
        method="with_options",
        help_text="A name and a value such as `Size:L`. Given again: of values of one name one is enough, and of "
        "each name there is one.",
    )
    rating_min = django_filters.NumberFilter("rating_average", "gte", min_value=0, max_value=5)
    featured = django_filters.ChoiceFilter(
        method="featured_or_not", choices=YES_OR_NO, null_label=None, empty_label=None
    )
    created_since = MomentFilter("created_at", "gte", help_text="A time of ISO 8601, such as 2026-01-05T09:00:00Z.")
    in_stock = django_filters.ChoiceFilter(
        method="in_or_out_of_stock", choices=YES_OR_NO, null_label=None, empty_label=None
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

    def get_form_class(self) -> type[forms.Form]:
        """Return a form of the parameters that were given: most of the others' cost is that of making their fields."""
        fields = {name: one.field for name, one in self.filters.items() if name in self.data}
        return type("ProductFilterForm", (forms.Form,), fields)

    def chosen(self, **instead: Any) -> QuerySet[Product]:
        """Return the products that valid filters leave, some of them with another value; None leaves a filter out."""
        products = self.queryset.all()
        for name, value in (self.form.cleaned_data | instead).items():
            products = self.filters[name].filter(products, value)
        return products

    @cached_property
    def category_id(self) -> UUID | None:
        """The category asked for, looked up once; None where customers see no such one."""
        try:
            return find_category(name=self.form.cleaned_data["category"])
        except CategoryNotFound:
            return None

    def of_category(self, products: QuerySet[Product], name: str, value: str) -> QuerySet[Product]:
        return below_category(products, self.category_id) if self.category_id else products.none()

    def with_any_tag(self, products: QuerySet[Product], name: str, value: str) -> QuerySet[Product]:
        return products.filter(tags__overlap=words_of(value))

    def with_all_tags(self, products: QuerySet[Product], name: str, value: str) -> QuerySet[Product]:
        return products.filter(tags__contains=words_of(value))

    def of_types(self, products: QuerySet[Product], name: str, value: list[str]) -> QuerySet[Product]:
        return products.filter(product_type__in=value)

    def with_options(self, products: QuerySet[Product], name: str, value: list[str]) -> QuerySet[Product]:
        for option, values in options_of(value).items():
            wanted = [Q(options__contains=[{"name": option, "values": [one]}]) for one in values]
            products = products.filter(Q(*wanted, _connector=Q.OR))
        return products

    def featured_or_not(self, products: QuerySet[Product], name: str, value: str) -> QuerySet[Product]:
        return products.filter(is_featured=value == "true")

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


def words_of(text: str) -> list[str]:
    """Return what stands between the commas; one with a comma of its own stands in quotes."""
    return [word.strip() for word in next(csv.reader([text], skipinitialspace=True), []) if word.strip()]


def options_of(given: Sequence[str]) -> Mapping[str, list[str]]:
    """Return the values asked for of each option, by its name."""
    options: dict[str, list[str]] = {}
    for one in given:
        name, _, value = one.partition(":")
        options.setdefault(name.strip(), []).append(value.strip())
    return options
