"""The address book of a customer."""

from django.db import models
from django.db.models import Q

from apps.core.models import Identified, Timestamped


class Address(Identified, Timestamped):
    """
    A postal address, in the parts that the country's post knows; the services check it by the country's rules.

    An order copies it, so changing or deleting one never changes an order.
    """

    user = models.ForeignKey(
        "accounts.User", models.CASCADE, db_constraint=False, db_index=False, related_name="addresses"
    )
    label = models.CharField(max_length=50, blank=True, default="", db_default="", help_text="Home, office, ...")
    name = models.CharField(max_length=200)
    company = models.CharField(max_length=200, blank=True, default="", db_default="")
    line1 = models.CharField(max_length=255)
    line2 = models.CharField(max_length=255, blank=True, default="", db_default="")
    district = models.CharField(max_length=100, blank=True, default="", db_default="")
    city = models.CharField(max_length=100, blank=True, default="", db_default="")
    region = models.CharField(max_length=100, blank=True, default="", db_default="", help_text="State, province")
    postal_code = models.CharField(max_length=20, blank=True, default="", db_default="")
    country = models.CharField(max_length=2, help_text="ISO 3166-1 alpha-2")
    phone = models.CharField(max_length=20, blank=True, default="", db_default="")
    is_default_shipping = models.BooleanField(default=False, db_default=False)
    is_default_billing = models.BooleanField(default=False, db_default=False)

    class Meta:
        db_table = "addresses"
        ordering = ["created_at"]
        verbose_name_plural = "addresses"
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(is_default_shipping=True), name="one_default_shipping_address_a_user"
            ),
            models.UniqueConstraint(
                fields=["user"], condition=Q(is_default_billing=True), name="one_default_billing_address_a_user"
            ),
            models.CheckConstraint(condition=Q(country__regex=r"^[A-Z]{2}$"), name="address_country_is_iso_3166"),
        ]
        indexes = [models.Index(fields=["user"], name="idx_addresses_user_id")]

    def __str__(self) -> str:
        return ", ".join(part for part in (self.name, self.line1, self.postal_code, self.city, self.country) if part)
