"""Fields that carts and orders share."""

from decimal import Decimal
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.accounts import selectors as accounts
from apps.accounts import services as accounts_services
from apps.accounts.contracts import PostalAddress
from apps.core.money import formatted
from apps.orders.buyers import Buyer


@extend_schema_field({"type": "string", "pattern": r"^\d+(\.\d+)?$", "example": "12.50"})
class MoneyField(serializers.Field[Any, Any, str, Any]):
    """An amount as a decimal string with exactly the digits of its currency, which the object or its whole names."""

    def __init__(self, **options: Any) -> None:
        super().__init__(read_only=True, **options)

    def get_attribute(self, instance: Any) -> Any:
        amount = super().get_attribute(instance)
        return None if amount is None else (amount, instance.currency)

    def to_representation(self, value: tuple[Decimal, str]) -> str:
        return formatted(*value)


class PostalAddressSerializer(serializers.Serializer[Any]):
    """A postal address; parts that its country does not use are empty."""

    name = serializers.CharField(max_length=200)
    company = serializers.CharField(max_length=200)
    line1 = serializers.CharField(max_length=255)
    line2 = serializers.CharField(max_length=255)
    district = serializers.CharField(max_length=100)
    city = serializers.CharField(max_length=100)
    region = serializers.CharField(max_length=100)
    postal_code = serializers.CharField(max_length=20)
    country = serializers.CharField(max_length=2, help_text="ISO 3166-1 alpha-2")
    phone = serializers.CharField(max_length=20)


class GivenAddressSerializer(serializers.Serializer[Any]):
    """
    The parts of an address, checked by the rules of its country, or the `address_id` of one in your address book.

    The context holds the `buyer`; validated, it is a PostalAddress.
    """

    address_id = serializers.UUIDField(required=False, help_text="An entry of your address book, instead of parts.")
    name = serializers.CharField(max_length=200, required=False)
    company = serializers.CharField(max_length=200, allow_blank=True, required=False)
    line1 = serializers.CharField(max_length=255, required=False)
    line2 = serializers.CharField(max_length=255, allow_blank=True, required=False)
    district = serializers.CharField(max_length=100, allow_blank=True, required=False)
    city = serializers.CharField(max_length=100, allow_blank=True, required=False)
    region = serializers.CharField(max_length=100, allow_blank=True, required=False)
    postal_code = serializers.CharField(max_length=20, allow_blank=True, required=False)
    country = serializers.CharField(max_length=2, required=False, help_text="ISO 3166-1 alpha-2")
    phone = serializers.CharField(max_length=20, allow_blank=True, required=False)

    def validate(self, values: dict[str, Any]) -> PostalAddress:
        address_id = values.pop("address_id", None)
        if address_id is not None:
            return self.of_the_book(address_id, self.context["buyer"])
        try:
            return accounts_services.checked_address(parts=values)
        except accounts_services.InvalidAddress as error:
            raise serializers.ValidationError(error.errors) from error

    def of_the_book(self, address_id: Any, buyer: Buyer) -> PostalAddress:
        if buyer.user_id is None:
            raise serializers.ValidationError({"address_id": ["Log in to use your address book."]})
        try:
            return accounts.get_address(user_id=buyer.user_id, address_id=address_id)
        except accounts.AddressNotFound as error:
            raise serializers.ValidationError({"address_id": [error.message]}) from error
