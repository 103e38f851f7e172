"""Passwords: what a new one must be like, changing it, and setting it anew after it was forgotten."""

import hashlib
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.crypto import salted_hmac

from apps.accounts import selectors
from apps.accounts.contracts import PasswordResetRequested
from apps.accounts.models import PasswordResetToken, Session, User
from apps.core.exceptions import DomainError, InvalidInput
from apps.core.ids import new_id
from apps.sagas import outbox

from .sessions import end_sessions_of


class WrongPassword(InvalidInput):
    """The current password, asked for once more, is not the account's."""

    code = "wrong_password"
    status = 403


class InvalidResetToken(DomainError):
    """The token is none, was used, or is too old; ask for another."""

    code = "invalid_reset_token"
    status = 422


def check_new_password(*, password: str, user: User) -> None:
    """
    Refuse a password that is too easy, by the rules of AUTH_PASSWORD_VALIDATORS.

    Raises:
        InvalidInput: with every rule it breaks, under `password`.
    """
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise InvalidInput("Choose a better password.", errors={"password": error.messages}) from error


def change_password(
    *, user_id: UUID, session_id: UUID, current_password: str, new_password: str, now: datetime
) -> None:
    """
    Set a new password for somebody who knows the old one; every session but this one ends.

    Raises:
        UserNotFound: the account is closed.
        WrongPassword: the current password is another; nothing is changed.
        InvalidInput: the new one is too easy; nothing is changed.
    """
    user = selectors.get_user(user_id=user_id)
    if not check_password(current_password, user.password):
        sentence = "This is not your current password."
        raise WrongPassword(sentence, errors={"current_password": [sentence]})
    check_new_password(password=new_password, user=user)
    set_password(user=user, password=new_password, now=now, but=session_id)


def set_password(*, user: User, password: str | None, now: datetime, but: UUID | None = None) -> None:
    """
    Store a password, void the reset tokens under way, and end the user's sessions, all or all but one, in one commit.

    Args:
        password: is taken as it is; see check_new_password. None locks the account to other ways in.
    """
    user.password = make_password(password)
    with transaction.atomic(using="accounts"):
        user.save(using="accounts", update_fields=["password"])
        PasswordResetToken.objects.filter(user_id=user.pk, used_at=None).update(used_at=now)
        end_sessions_of(user_id=user.pk, reason=Session.EndReason.CREDENTIALS_CHANGED, now=now, but=but)


def reset_secret(*, reset_id: UUID) -> str:
    """
    Return the secret that the mail of a reset shows: a function of its id and of a key only the application has.

    So no table, outbox or queue holds it; `password_reset_tokens.token` is its SHA-256.
    """
    return salted_hmac("accounts.password_reset", str(reset_id), algorithm="sha256").hexdigest()


def _fingerprint(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def request_password_reset(*, email: str, now: datetime) -> None:
    """
    Announce (`customer.password_reset_requested`) that somebody wants a new password, if the address has an account.

    Nothing tells the caller whether it has. An earlier token not yet used stops working.
    """
    with transaction.atomic(using="accounts"):
        normalized = User.objects.normalize_email(email)
        user = User.objects.select_for_update().filter(email=normalized, is_active=True).first()
        if user is None:
            return
        PasswordResetToken.objects.filter(user=user, used_at=None).update(used_at=now)
        reset_id = new_id()
        PasswordResetToken.objects.create(
            id=reset_id,
            user=user,
            token=_fingerprint(reset_secret(reset_id=reset_id)),
            expires_at=now + timedelta(seconds=settings.PASSWORD_RESET_SECONDS),
        )
        outbox.publish([PasswordResetRequested(user_id=user.pk, reset_id=reset_id)], using="accounts")


def reset_password(*, secret: str, new_password: str, now: datetime) -> None:
    """
    Set a new password for whoever received the mail; once, and every session of the user ends.

    Raises:
        InvalidResetToken: the secret is none, was used, or is too old; nothing is changed.
        InvalidInput: the new password is too easy; nothing is changed, and the secret may be used again.
    """
    token = _usable_token(secret, now)
    check_new_password(password=new_password, user=token.user)
    with transaction.atomic(using="accounts"):
        if not PasswordResetToken.objects.filter(id=token.pk, used_at=None).update(used_at=now):
            raise InvalidResetToken("This link was used before; ask for another.")
        set_password(user=token.user, password=new_password, now=now)


def _usable_token(secret: str, now: datetime) -> PasswordResetToken:
    token = (
        PasswordResetToken.objects.select_related("user")
        .filter(token=_fingerprint(secret), used_at=None, expires_at__gt=now, user__is_active=True)
        .first()
    )
    if token is None:
        raise InvalidResetToken("This link is not valid, was used before, or is too old; ask for another.")
    return token
