"""Customers: how they join and what they change about themselves."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from apps.accounts import selectors
from apps.accounts.contracts import CustomerRegistered
from apps.accounts.models import Session, User
from apps.core.exceptions import InvalidInput
from apps.core.integrity import translated
from apps.sagas import outbox

from .passwords import check_new_password
from .roles import give_role
from .sessions import Device, SignedIn, end_sessions_of, open_session

CUSTOMER = "customer"


class EmailTaken(InvalidInput):
    """An account with this e-mail address exists, in whatever case it is spelled."""

    code = "email_taken"
    status = 409


def register_customer(*, email: str, password: str, first_name: str, last_name: str, phone: str | None = None) -> User:
    """
    Open an account with the role `customer`, and announce it (`customer.registered`) in the same commit.

    The address is stored trimmed and in lower case. The hash, which takes long by design, is made before the
    transaction, so that no connection waits for it.

    Returns:
        The new user.

    Raises:
        InvalidInput: the address or the password will not do, named by field; nothing is written.
        EmailTaken: an account with this address exists; nothing is written.
    """
    user = _candidate(email=email, first_name=first_name, last_name=last_name, phone=phone)
    check_new_password(password=password, user=user)
    user.password = make_password(password)
    with translated(TAKEN), transaction.atomic(using="accounts"):
        _join(user)
    return user


def sign_up(
    *,
    email: str,
    password: str,
    first_name: str,
    last_name: str,
    phone: str | None = None,
    device: Device,
    now: datetime,
) -> SignedIn:
    """
    Register a customer and sign them in, in one commit; see register_customer, whose errors are raised as they are.

    Returns:
        The new user with the session's first tokens.

    Raises:
        InvalidInput: the address or the password will not do, named by field; nothing is written.
        EmailTaken: an account with this address exists; nothing is written.
    """
    user = _candidate(email=email, first_name=first_name, last_name=last_name, phone=phone)
    user.last_login, user.last_login_ip = now, device.ip_address
    check_new_password(password=password, user=user)
    user.password = make_password(password)
    with translated(TAKEN), transaction.atomic(using="accounts"):
        _join(user)
        return open_session(user=user, device=device, now=now)


def _candidate(*, email: str, first_name: str, last_name: str, phone: str | None) -> User:
    """Return a user not yet saved. Raises InvalidInput for an address that is none."""
    email = User.objects.normalize_email(email)
    try:
        validate_email(email)
    except ValidationError as error:
        raise InvalidInput("The e-mail address is not valid.", errors={"email": error.messages}) from error
    return User(email=email, first_name=first_name.strip(), last_name=last_name.strip(), phone=phone or None)


def _join(user: User) -> None:
    user.save(using="accounts", force_insert=True)
    give_role(user_id=user.pk, role=CUSTOMER)
    outbox.publish([CustomerRegistered(user_id=user.pk)], using="accounts")


def _taken() -> EmailTaken:
    sentence = "An account with this e-mail address exists."
    return EmailTaken(sentence, errors={"email": [sentence]})


TAKEN = {"users_email_key": _taken, "users_email_lower_key": _taken}


def change_profile(*, user_id: UUID, changes: Mapping[str, str | None]) -> User:
    """
    Change what a user says about themselves: any of `first_name`, `last_name`, `phone`; the rest stays.

    Returns:
        The user as it is now.

    Raises:
        UserNotFound: the account is closed; nothing is changed.
    """
    user = selectors.get_user(user_id=user_id)
    for name in changes.keys() & {"first_name", "last_name", "phone"}:
        setattr(user, name, changes[name])
    user.save(using="accounts", update_fields=sorted(changes.keys() & {"first_name", "last_name", "phone"}))
    return user


def close_account(*, user_id: UUID, now: datetime) -> None:
    """Close an account and end its sessions; idempotent. What it bought stays."""
    with transaction.atomic(using="accounts"):
        User.objects.filter(id=user_id).update(is_active=False)
        end_sessions_of(user_id=user_id, reason=Session.EndReason.ACCOUNT_CLOSED, now=now)
