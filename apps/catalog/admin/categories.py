"""The tree of categories: thousands of them are searched, or walked from the roots down."""

from typing import Any

from django.contrib import admin
from django.db import transaction
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from apps.catalog import selectors, services
from apps.catalog.models import Category
from apps.catalog.statements import DATABASE
from apps.core.admin import OfficeAdmin

from .forms import CategoryForm


@admin.register(Category)
class CategoryAdmin(OfficeAdmin):
    """Moving a category moves what is below it; its parent is a field of its page."""

    ordering = ["sort_order", "name"]
    list_display = ["name", "above", "below", "slug", "sort_order", "is_active"]
    list_filter = ["is_active", ("parent", admin.EmptyFieldListFilter), "taxonomy"]
    search_fields = ["name", "slug", "taxonomy_id"]
    search_help_text = "a name, a slug or the number in a taxonomy"
    prepopulated_fields = {"slug": ["name"]}
    readonly_fields = ["path", "taxonomy", "taxonomy_id", "created_at", "updated_at"]
    autocomplete_fields = ["parent"]
    form = CategoryForm

    def get_queryset(self, request: HttpRequest) -> QuerySet[Category]:
        return selectors.list_shelves().order_by(*self.get_ordering(request))

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        return super().formfield_for_foreignkey(db_field, request, queryset=selectors.list_shelves(), **kwargs)

    @admin.display(description="stands in")
    def above(self, category: Any) -> str:
        return " > ".join(category.path_names[:-1])

    @admin.display(description="below it")
    def below(self, category: Any) -> SafeString | str:
        if not category.children_count:
            return ""
        address = reverse("admin:catalog_category_changelist") + f"?parent__id__exact={category.pk}"
        return format_html('<a href="{}">{}</a>', address, category.children_count)

    @admin.display(description="path")
    def path(self, category: Category) -> str:
        return str(category)

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        with transaction.atomic(using=DATABASE):
            if request.method == "POST":
                # Before the form looks whether a parent stands below the category: nobody moves either meanwhile.
                services.lock_tree()
            return super().changeform_view(request, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: Category, form: ModelForm, change: bool) -> None:
        super().save_model(request, obj, form, change)
        services.announce_categories()

    def delete_model(self, request: HttpRequest, obj: Category) -> None:
        with transaction.atomic(using=DATABASE):
            services.lock_tree()
            super().delete_model(request, obj)
            services.announce_categories()

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Category]) -> None:
        with transaction.atomic(using=DATABASE):
            services.lock_tree()
            super().delete_queryset(request, queryset)
            services.announce_categories()
