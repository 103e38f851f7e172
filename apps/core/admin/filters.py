"""Filters that read no rows to know what they offer."""

from collections.abc import Iterable
from typing import Any

from django.contrib.admin import SimpleListFilter
from django.db.models import QuerySet
from django.http import HttpRequest

from .columns import spoken


def among(field: str, values: Iterable[Any]) -> type[SimpleListFilter]:
    """
    Return a filter by a column that has no choices of its own, for these values.

    Django would read every row of the table to learn which there are.
    """
    offered = [(str(value), spoken(str(value))) for value in values]

    class Among(SimpleListFilter):
        title = spoken(field)
        parameter_name = field

        def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
            return offered

        def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
            return queryset.filter(**{field: self.value()}) if self.value() else queryset

    return Among
