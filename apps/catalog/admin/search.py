"""What a search finds beside the words themselves, and what it shows first."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from unfold.widgets import UnfoldAdminSelectWidget

from apps.catalog import services
from apps.catalog.models import SearchBoost, SearchSynonym
from apps.core.admin import OfficeAdmin

TARGETS = ("vendor", "product_type", "tag", "category", "product", "word")


class SearchAdmin(OfficeAdmin):
    """After every write the kept answers to searches are stale."""

    def save_model(self, request: HttpRequest, obj: Any, form: ModelForm, change: bool) -> None:
        super().save_model(request, obj, form, change)
        services.announce_searches()

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        super().delete_model(request, obj)
        services.announce_searches()

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        super().delete_queryset(request, queryset)
        services.announce_searches()


class SynonymForm(forms.ModelForm):
    language = forms.ChoiceField(choices=[], widget=UnfoldAdminSelectWidget)

    class Meta:
        model = SearchSynonym
        fields = ["phrase", "meaning", "both_ways", "language", "is_active"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        languages = dict.fromkeys([*settings.SEARCH_LANGUAGES, self.instance.language])
        self.fields["language"].choices = [(language, language) for language in languages]  # type: ignore[attr-defined]


class BoostForm(forms.ModelForm):
    class Meta:
        model = SearchBoost
        fields = ["query", *TARGETS, "factor", "is_active"]

    def clean(self) -> dict[str, Any]:
        """The same rule as the database's, search_boost_has_one_target."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if sum(bool(cleaned.get(target)) for target in TARGETS) != 1:
            raise forms.ValidationError("Give a vendor, type, tag, category, product or word, and only one of them.")
        return cleaned


@admin.register(SearchSynonym)
class SearchSynonymAdmin(SearchAdmin):
    form = SynonymForm
    list_display = ["phrase", "meaning", "both_ways", "language", "is_active"]
    list_filter = ["is_active", "both_ways"]
    search_fields = ["phrase", "meaning"]
    search_help_text = "a phrase or a meaning"
    ordering = ["phrase", "meaning"]


@admin.register(SearchBoost)
class SearchBoostAdmin(SearchAdmin):
    form = BoostForm
    list_display = ["asked", "raised", "factor", "is_active"]
    list_filter = ["is_active"]
    list_select_related = ["category", "product"]
    search_fields = ["query", "vendor", "product_type", "tag", "word"]
    search_help_text = "a query, a vendor, a type, a tag or a word"
    ordering = ["query", "-factor", "id"]
    autocomplete_fields = ["category", "product"]

    @admin.display(description="query", ordering="query")
    def asked(self, boost: SearchBoost) -> str:
        return boost.query or "every query"

    @admin.display(description="products")
    def raised(self, boost: SearchBoost) -> str:
        return boost.target
