"""Reads of accounts. Each names what it finds by id; none of them writes."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from apps.core.exceptions import NotFound

from .contracts import PostalAddress
from .models import Address, Session, User


class UserNotFound(NotFound):
    """No active user has this id."""

    code = "user_not_found"


class AddressNotFound(NotFound):
    """This user's address book has no such address."""

    code = "address_not_found"


@dataclass(frozen=True, slots=True, kw_only=True)
class Grants:
    """
    What one user may do.

    Shape: `pairs` holds (resource, action), say ("orders", "refund"); `everything` is the superuser's.
    """

    everything: bool = False
    pairs: frozenset[tuple[str, str]] = field(default_factory=frozenset)

    def allow(self, resource: str, action: str) -> bool:
        return self.everything or (resource, action) in self.pairs

    def touch(self, resource: str) -> bool:
        """Return whether any action on the resource is allowed."""
        return self.everything or any(resource == granted for granted, _ in self.pairs)

    def cover(self, others: "Grants") -> bool:
        """Return whether these allow all that the others allow."""
        return self.everything or (not others.everything and others.pairs <= self.pairs)


def get_user(*, user_id: UUID) -> User:
    """
    Return the active user of this id.

    Raises:
        UserNotFound: nobody has the id, or the account is closed.
    """
    user = User.objects.filter(id=user_id, is_active=True).first()
    if user is None:
        raise UserNotFound("No active account has this id.", user_id=str(user_id))
    return user


def list_emails(*, user_ids: Collection[UUID]) -> dict[UUID, str]:
    """Return the e-mail address of each user known, closed accounts included, by id; one statement for all."""
    return dict(User.objects.filter(id__in=user_ids).values_list("id", "email")) if user_ids else {}


def get_grants(*, user_id: UUID) -> Grants:
    """
    Return what a user may do: the permissions of all their active roles; nothing for a closed or unknown account.

    One statement; the auth backend asks once a request.
    """
    rows = list(
        User.objects.filter(id=user_id, is_active=True)
        .values_list("is_superuser", "roles__is_active", "roles__permissions__resource", "roles__permissions__action")
        .order_by()
    )
    return Grants(
        everything=bool(rows) and rows[0][0],
        pairs=frozenset((resource, action) for _, live, resource, action in rows if live and resource and action),
    )


def list_sessions(*, user_id: UUID, now: datetime) -> QuerySet[Session]:
    """Return the sessions a user is signed in with at this time, the latest used first; empty for an unknown user."""
    return Session.objects.filter(user_id=user_id, is_active=True, expires_at__gt=now)


def list_addresses(*, user_id: UUID) -> QuerySet[Address]:
    """Return a user's address book, oldest entry first; empty for an unknown user."""
    return Address.objects.filter(user_id=user_id)


def get_address_entry(*, user_id: UUID, address_id: UUID) -> Address:
    """
    Return one entry of a user's address book.

    Raises:
        AddressNotFound: this user has no such address; another user's counts as none.
    """
    entry = Address.objects.filter(id=address_id, user_id=user_id).first()
    if entry is None:
        raise AddressNotFound("Your address book has no such address.", address_id=str(address_id))
    return entry


def get_address(*, user_id: UUID, address_id: UUID) -> PostalAddress:
    """
    Return an address of a user's book as a value to keep: later changes of the book do not reach it.

    Raises:
        AddressNotFound: this user has no such address; another user's counts as none.
    """
    return snapshot(get_address_entry(user_id=user_id, address_id=address_id))


def snapshot(entry: Address) -> PostalAddress:
    """Return the postal part of an entry, without its label and default flags."""
    return PostalAddress(**{name: getattr(entry, name) for name in PostalAddress.__slots__})
