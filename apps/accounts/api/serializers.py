"""What the API takes and gives about accounts."""

from typing import Any

from rest_framework import serializers

from apps.accounts.api.authentication import user_of
from apps.accounts.models import Address, Session, User


def password_field() -> serializers.CharField:
    return serializers.CharField(
        max_length=256, trim_whitespace=False, write_only=True, style={"input_type": "password"}
    )


def phone_field() -> serializers.CharField:
    return serializers.CharField(max_length=20, allow_blank=True, allow_null=True, required=False)


class UserSerializer(serializers.ModelSerializer[User]):
    class Meta:
        model = User
        fields = ["id", "email", "first_name", "last_name", "phone", "is_email_verified", "created_at"]
        read_only_fields = fields


class RegisterSerializer(serializers.Serializer[Any]):
    email = serializers.EmailField(max_length=255)
    password = password_field()
    first_name = serializers.CharField(max_length=100)
    last_name = serializers.CharField(max_length=100)
    phone = phone_field()


class LoginSerializer(serializers.Serializer[Any]):
    email = serializers.CharField(max_length=255)
    password = password_field()


class RefreshSerializer(serializers.Serializer[Any]):
    refresh_token = serializers.CharField(max_length=4096)


class SignedInSerializer(serializers.Serializer[Any]):
    """A session's newest pair of tokens. Send the access token as `Authorization: Bearer ...`."""

    access_token = serializers.CharField()
    refresh_token = serializers.CharField(help_text="Good once: each refresh gives the next.")
    token_type = serializers.CharField(default="Bearer")
    expires_in = serializers.IntegerField(help_text="Seconds until the access token is too old.")
    session_id = serializers.UUIDField()
    user = UserSerializer()


class SessionSerializer(serializers.ModelSerializer[Session]):
    is_current = serializers.SerializerMethodField(help_text="Whether this request belongs to it.")

    class Meta:
        model = Session
        fields = [
            "id",
            "user_agent",
            "ip_address",
            "location",
            "created_at",
            "last_activity_at",
            "expires_at",
            "is_current",
        ]
        read_only_fields = fields

    def get_is_current(self, session: Session) -> bool:
        return bool(session.pk == user_of(self.context["request"]).session_id)


class MeSerializer(UserSerializer):
    roles = serializers.SerializerMethodField()

    class Meta(UserSerializer.Meta):
        fields = [*UserSerializer.Meta.fields, "roles"]
        read_only_fields = fields

    def get_roles(self, user: User) -> list[str]:
        return sorted(role.name for role in user.roles.all() if role.is_active)


class ProfileSerializer(serializers.Serializer[Any]):
    first_name = serializers.CharField(max_length=100, required=False)
    last_name = serializers.CharField(max_length=100, required=False)
    phone = phone_field()


class ChangePasswordSerializer(serializers.Serializer[Any]):
    current_password = password_field()
    new_password = password_field()


class RequestResetSerializer(serializers.Serializer[Any]):
    email = serializers.CharField(max_length=255)


class ResetPasswordSerializer(serializers.Serializer[Any]):
    token = serializers.CharField(max_length=255)
    new_password = password_field()


class AddressSerializer(serializers.ModelSerializer[Address]):
    class Meta:
        model = Address
        fields = [
            "id",
            "label",
            "name",
            "company",
            "line1",
            "line2",
            "district",
            "city",
            "region",
            "postal_code",
            "country",
            "phone",
            "is_default_shipping",
            "is_default_billing",
            "created_at",
        ]
        read_only_fields = fields


class WriteAddressSerializer(serializers.Serializer[Any]):
    """The parts of an address; which of them a country needs is checked by its own rules."""

    label = serializers.CharField(max_length=50, allow_blank=True, required=False)  # type: ignore[assignment]
    name = serializers.CharField(max_length=200)
    company = serializers.CharField(max_length=200, allow_blank=True, required=False)
    line1 = serializers.CharField(max_length=255)
    line2 = serializers.CharField(max_length=255, allow_blank=True, required=False)
    district = serializers.CharField(max_length=100, allow_blank=True, required=False)
    city = serializers.CharField(max_length=100, allow_blank=True, required=False)
    region = serializers.CharField(max_length=100, allow_blank=True, required=False)
    postal_code = serializers.CharField(max_length=20, allow_blank=True, required=False)
    country = serializers.CharField(max_length=2, help_text="ISO 3166-1 alpha-2")
    phone = serializers.CharField(max_length=20, allow_blank=True, required=False)
    is_default_shipping = serializers.BooleanField(required=False)
    is_default_billing = serializers.BooleanField(required=False)
