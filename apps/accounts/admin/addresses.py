"""Address books."""

from django.contrib import admin

from apps.accounts.models import Address
from apps.core.admin import OfficeAdmin

from .forms import AddressForm


@admin.register(Address)
class AddressAdmin(OfficeAdmin):
    form = AddressForm
    list_display = ["user", "label", "name", "line1", "postal_code", "city", "country", "is_default_shipping"]
    list_filter = ["is_default_shipping", "is_default_billing", "created_at"]
    list_select_related = ["user"]
    search_fields = ["user__email", "name", "line1", "city", "postal_code"]
    search_help_text = "an e-mail address, a name, a street, a city or a postal code"
    ordering = ["-created_at", "-id"]
    autocomplete_fields = ["user"]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    ("user", "label"),
                    ("name", "company"),
                    ("line1", "line2"),
                    ("district", "city"),
                    ("region", "postal_code"),
                    ("country", "phone"),
                    ("is_default_shipping", "is_default_billing"),
                ]
            },
        )
    ]
