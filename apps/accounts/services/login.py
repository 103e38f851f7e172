"""Signing in by password."""

from datetime import datetime

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction

from apps.accounts.models import User
from apps.core.exceptions import DomainError

from .sessions import Device, SignedIn, open_session

NO_HASH = "!"
"""A stored password that matches nothing: checking it takes the time of one hash all the same."""


class InvalidCredentials(DomainError):
    """The address and the password do not belong together; which of the two is wrong is not said."""

    code = "invalid_credentials"
    status = 401


def check_credentials(*, email: str, password: str) -> User:
    """
    Return the active user whose address and password these are.

    It takes as long whether or not the account exists. A hash made with older parameters is renewed on the way.

    Raises:
        InvalidCredentials: no active account has this address and password.
    """
    user = User.objects.filter(email=User.objects.normalize_email(email), is_active=True).first()
    if not check_password(password, user.password if user else NO_HASH, setter=lambda raw: _renew_hash(user, raw)):
        raise InvalidCredentials("The e-mail address or the password is wrong.")
    assert user is not None  # nothing matches NO_HASH
    return user


def _renew_hash(user: User | None, password: str) -> None:
    if user is not None:
        User.objects.filter(id=user.pk, password=user.password).update(password=make_password(password))


def log_in(*, email: str, password: str, device: Device, now: datetime) -> SignedIn:
    """
    Open a session for whoever knows the password, and note when and from where.

    Returns:
        The user with the session's first tokens.

    Raises:
        InvalidCredentials: no active account has this address and password; nothing is written.
    """
    user = check_credentials(email=email, password=password)
    user.last_login, user.last_login_ip = now, device.ip_address
    with transaction.atomic(using="accounts"):
        user.save(using="accounts", update_fields=["last_login", "last_login_ip"])
        return open_session(user=user, device=device, now=now)
