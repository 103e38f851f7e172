"""
Signed tokens. An access token is believed as it stands, for minutes; a refresh token only if its session agrees.

Both name their session (`sid`), so that ending a session ends every token of its family.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import Any, cast
from uuid import UUID

from django.conf import settings
from rest_framework_simplejwt.backends import TokenBackend
from rest_framework_simplejwt.exceptions import TokenBackendError

from apps.core.exceptions import DomainError

ALGORITHM = "HS256"
# How far the clocks of two of our machines may differ.
LEEWAY_SECONDS = 5


class InvalidToken(DomainError):
    """The token is not ours, is of the wrong kind, was changed, or is too old."""

    code = "invalid_token"
    status = 401


class Kind(StrEnum):
    ACCESS = "access"
    REFRESH = "refresh"


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """What a token says. Times are UTC, whole seconds."""

    kind: Kind
    user_id: UUID
    session_id: UUID
    email: str
    jti: str
    issued_at: datetime
    expires_at: datetime


@cache
def _signer() -> TokenBackend:
    """Return what signs and checks; algorithm, issuer and audience are pinned, whatever a token's header says."""
    return TokenBackend(
        ALGORITHM,
        settings.JWT_SIGNING_KEY or settings.SECRET_KEY,
        audience=settings.JWT_AUDIENCE,
        issuer=settings.JWT_ISSUER,
        leeway=LEEWAY_SECONDS,
    )


def signed(claims: Claims) -> str:
    """Return the token that says this."""
    return _signer().encode(
        {
            "typ": claims.kind,
            "sub": str(claims.user_id),
            "sid": str(claims.session_id),
            "email": claims.email,
            "jti": claims.jti,
            "iat": int(claims.issued_at.timestamp()),
            "exp": int(claims.expires_at.timestamp()),
        }
    )


def read(token: str, kind: Kind) -> Claims:
    """
    Return what a token of this kind says.

    Raises:
        InvalidToken: it is not ours, is of the other kind, was changed, or its time is over.
    """
    try:
        payload = _signer().decode(cast(Any, token))
        claims = Claims(
            kind=Kind(payload["typ"]),
            user_id=UUID(payload["sub"]),
            session_id=UUID(payload["sid"]),
            email=payload["email"],
            jti=payload["jti"],
            issued_at=datetime.fromtimestamp(payload["iat"], UTC),
            expires_at=datetime.fromtimestamp(payload["exp"], UTC),
        )
    except (TokenBackendError, KeyError, ValueError) as error:
        raise InvalidToken("The token is invalid or its time is over; sign in again.") from error
    if claims.kind is not kind:
        raise InvalidToken(f"This is no {kind} token.")
    return claims


def lifetime(kind: Kind) -> timedelta:
    """Return how long a token of this kind is good."""
    return timedelta(
        seconds={Kind.ACCESS: settings.ACCESS_TOKEN_SECONDS, Kind.REFRESH: settings.REFRESH_TOKEN_SECONDS}[kind]
    )
