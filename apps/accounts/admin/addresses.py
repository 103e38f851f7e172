"""Address books."""

from django.contrib import admin
from unfold.admin import ModelAdmin

from apps.accounts.models import Address

from .forms import AddressForm


@admin.register(Address)
class AddressAdmin(ModelAdmin):
    form = AddressForm
    list_display = ["user", "name", "line1", "postal_code", "city", "country", "is_default_shipping"]
    list_filter = ["country", "is_default_shipping", "is_default_billing"]
    list_select_related = ["user"]
    search_fields = ["user__email", "name", "line1", "city", "postal_code"]
    autocomplete_fields = ["user"]
