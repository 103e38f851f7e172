"""The base of every list and page in the back office: what it costs does not grow with the table."""

from functools import cached_property
from typing import Any

from django.contrib.admin.checks import ModelAdminChecks
from django.core.paginator import Paginator
from django.http import HttpRequest
from unfold.admin import ModelAdmin
from unfold.views import ChangeList

from .names import name_rows

MOST_COUNTED = 10_000


class BoundedPaginator(Paginator):  # type: ignore[type-arg]  # generic in the stubs alone
    """Pages through the first rows only: nobody turns ten thousand of them over, and counting all costs seconds."""

    @cached_property
    def count(self) -> int:
        return min(self.found, MOST_COUNTED)

    @cached_property
    def found(self) -> int:
        """How many rows there are, or one more than is counted."""
        rows: Any = self.object_list
        return int(rows.order_by()[: MOST_COUNTED + 1].count())

    @property
    def template_name(self) -> str | None:
        """What the theme shows below the list; None for its own."""
        return "core/first_rows.html" if self.found > MOST_COUNTED else None


class OfficeChangeList(ChangeList):
    """One page of rows, with the names of the rows of other databases: a statement a kind, not a row."""

    result_list: Any

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        if not (self.query or self.has_active_filters):
            # The theme says beside the title how many of all were found, where the two differ.
            self.full_result_count = self.result_count
        name_rows(request, type(self.model_admin), self.result_list)


class OfficeAdmin(ModelAdmin):
    """A list with its pages, whose `named` columns know their names."""

    # The theme's own checks ask the database for Django's permissions; ours are rows of `permissions`.
    checks_class = ModelAdminChecks
    paginator: Any = BoundedPaginator
    show_full_result_count = False

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return OfficeChangeList

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        row = super().get_object(request, object_id, from_field)
        if row is not None:
            name_rows(request, type(self), [row], link=True)
        return row
