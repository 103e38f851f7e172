"""
Who asks: the bearer of an access token.

The token says who that is, so a request costs no query; what they may do is read from the rows when first asked.
"""

from typing import Any, cast
from uuid import UUID

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from apps.accounts.models.access import Access
from apps.accounts.services import revocations, tokens
from apps.accounts.services.tokens import Claims, InvalidToken, Kind

SCHEME = "Bearer"


class SignedInUser(Access):
    """
    The user of a request, as the access token names them: id, e-mail address, session.

    It answers `has_perm` and the like; whoever needs the row asks selectors.get_user.
    """

    is_authenticated = True
    is_anonymous = False
    is_active = True

    def __init__(self, claims: Claims) -> None:
        self.id: UUID = claims.user_id
        self.pk = claims.user_id
        self.email = claims.email
        self.session_id = claims.session_id

    def __str__(self) -> str:
        return self.email

    def get_username(self) -> str:
        return self.email


def user_of(request: Request) -> SignedInUser:
    """Return the user of a request to a view that lets only signed-in users in."""
    return cast(SignedInUser, request.user)


class SessionTokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer <access token>`, refused from the moment its session is over."""

    def authenticate(self, request: Request) -> tuple[SignedInUser, Claims] | None:
        scheme, *rest = get_authorization_header(request).split() or (b"",)
        if scheme.lower() != SCHEME.lower().encode():
            return None
        if len(rest) != 1:
            raise AuthenticationFailed("Write the header as: Bearer <access token>.", code="invalid_token")
        try:
            claims = tokens.read(rest[0].decode("latin-1"), Kind.ACCESS)
        except InvalidToken as error:
            raise AuthenticationFailed(error.message, code=error.code) from error
        if revocations.is_ended(claims.session_id):
            raise AuthenticationFailed("This session is over; sign in again.", code="session_ended")
        return SignedInUser(claims), claims

    def authenticate_header(self, request: Request) -> str:
        return f'{SCHEME} realm="api"'


class SessionTokenScheme(OpenApiAuthenticationExtension):
    """How the OpenAPI document describes it."""

    target_class = SessionTokenAuthentication
    name = "accessToken"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
