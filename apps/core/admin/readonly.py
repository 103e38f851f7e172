"""Pages to look at, for rows that somebody else owns: an engine, a ledger, a gateway."""

from typing import Any

from django.contrib.admin.utils import flatten_fieldsets
from django.db.models import Model
from django.http import HttpRequest
from unfold.admin import TabularInline

from .pages import OfficeAdmin


class ReadOnly:
    """No adding, no changing, no deleting."""

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class ReadOnlyAdmin(ReadOnly, OfficeAdmin):
    """A list and its rows' pages."""

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        return flatten_fieldsets(self.fieldsets or [(None, {"fields": self.fields or []})])


class ReadOnlyInline(ReadOnly, TabularInline):
    """Rows that belong to the row of the page."""

    extra = 0
    can_delete = False
    show_change_link = False
    hide_title = True
    tab = True

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        return self.fields
