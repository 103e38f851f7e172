"""Pages to look at, for rows that somebody else owns: an engine, a ledger, a gateway."""

from typing import Any

from django.db.models import Model
from django.http import HttpRequest
from unfold.admin import ModelAdmin, TabularInline


class ReadOnly:
    """No adding, no changing, no deleting."""

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class ReadOnlyAdmin(ReadOnly, ModelAdmin):
    """A list and its rows' pages; the list counts no more than it shows."""

    show_full_result_count = False


class ReadOnlyInline(ReadOnly, TabularInline):
    """Rows that belong to the row of the page."""

    extra = 0
    can_delete = False
    show_change_link = False
    tab = True

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        return self.fields
