"""Where the shop sells. What things cost there is set over the API."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest

from apps.catalog import services
from apps.catalog.models import Market
from apps.core.admin import OfficeAdmin


@admin.register(Market)
class MarketAdmin(OfficeAdmin):
    list_display = ["name", "code", "currency", "countries", "is_active"]
    search_fields = ["name", "code"]
    search_help_text = "a name or a code"
    ordering = ["code"]
    fields = ["name", "code", "currency", "countries", "is_active", "created_at", "updated_at"]

    def get_readonly_fields(self, request: HttpRequest, obj: Market | None = None) -> list[str]:
        # Another currency would make every price of the market another amount.
        return ["created_at", "updated_at", *(["currency"] if obj and obj.prices.using("catalog").exists() else [])]

    def save_model(self, request: HttpRequest, obj: Market, form: ModelForm, change: bool) -> None:
        super().save_model(request, obj, form, change)
        services.announce_markets()

    def delete_model(self, request: HttpRequest, obj: Market) -> None:
        super().delete_model(request, obj)
        services.announce_markets()

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Market, Any]) -> None:
        super().delete_queryset(request, queryset)
        services.announce_markets()
