"""The tree of categories."""

from django.contrib import admin
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest

from apps.catalog import services
from apps.catalog.models import Category
from apps.core.admin import OfficeAdmin

from .forms import CategoryForm


@admin.register(Category)
class CategoryAdmin(OfficeAdmin):
    list_display = ["name", "parent", "slug", "sort_order", "is_active"]
    list_filter = ["is_active"]
    search_fields = ["name", "slug"]
    search_help_text = "a name or a slug"
    prepopulated_fields = {"slug": ["name"]}
    readonly_fields = ["created_at", "updated_at"]
    list_select_related = ["parent"]
    form = CategoryForm

    def save_model(self, request: HttpRequest, obj: Category, form: ModelForm, change: bool) -> None:
        super().save_model(request, obj, form, change)
        services.announce_categories()

    def delete_model(self, request: HttpRequest, obj: Category) -> None:
        super().delete_model(request, obj)
        services.announce_categories()

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Category]) -> None:
        super().delete_queryset(request, queryset)
        services.announce_categories()
