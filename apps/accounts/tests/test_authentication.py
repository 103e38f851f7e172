"""Access tokens: what is believed, and what believing costs."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import jwt
import pytest
from django.conf import settings

from apps.accounts import services
from apps.accounts.api.authentication import SignedInUser
from apps.accounts.models import User
from apps.accounts.services import tokens
from apps.accounts.services.tokens import Claims, InvalidToken, Kind

from .factories import UserFactory

KEY = settings.SECRET_KEY


def claims(**changes: Any) -> Claims:
    now = datetime.now(UTC).replace(microsecond=0)
    fields: dict[str, Any] = {
        "kind": Kind.ACCESS,
        "user_id": uuid4(),
        "session_id": uuid4(),
        "email": "ada@example.org",
        "jti": uuid4().hex,
        "issued_at": now,
        "expires_at": now + timedelta(minutes=10),
    }
    return Claims(**fields | changes)


def payload(**changes: Any) -> dict[str, Any]:
    good = jwt.decode(tokens.signed(claims()), KEY, algorithms=["HS256"], audience="commerce-api")
    return {name: value for name, value in (good | changes).items() if value is not None}


class TestRead:
    def test_returns_what_was_signed(self) -> None:
        said = claims()

        assert tokens.read(tokens.signed(said), Kind.ACCESS) == said

    def test_takes_a_well_made_payload(self) -> None:
        assert tokens.read(jwt.encode(payload(), KEY, algorithm="HS256"), Kind.ACCESS).email == "ada@example.org"

    @pytest.mark.parametrize(
        "changes",
        [
            {"iss": "somebody else"},
            {"aud": "another service"},
            {"typ": "refresh"},
            {"typ": "id"},
            {"sub": "1"},
            {"exp": 1},
            *({name: None} for name in ("iss", "aud", "typ", "sub", "sid", "jti", "iat", "exp", "email")),
        ],
        ids=str,
    )
    def test_refuses_a_payload_that_says_something_else(self, changes: dict[str, Any]) -> None:
        with pytest.raises(InvalidToken):
            tokens.read(jwt.encode(payload(**changes), KEY, algorithm="HS256"), Kind.ACCESS)

    @pytest.mark.parametrize(("key", "algorithm"), [(KEY, "HS384"), ("x" * 64, "HS256"), ("", "none")])
    def test_refuses_another_key_or_algorithm(self, key: str, algorithm: str) -> None:
        with pytest.raises(InvalidToken):
            tokens.read(jwt.encode(payload(), key, algorithm=algorithm), Kind.ACCESS)


@pytest.mark.django_db(databases=["accounts"])
class TestSignedInUser:
    def user(self, user: User) -> SignedInUser:
        return SignedInUser(claims(user_id=user.id, email=user.email))

    def test_is_whom_the_token_names(self, ada: User, django_assert_num_queries: Any) -> None:
        with django_assert_num_queries(0, using="accounts"):
            user = self.user(ada)

            assert (user.id, user.pk, user.email, str(user)) == (ada.id, ada.id, ada.email, ada.email)
            assert (user.is_authenticated, user.is_anonymous, user.is_active) == (True, False, True)

    def test_reads_its_permissions_once_and_only_when_asked(self, django_assert_num_queries: Any) -> None:
        user = self.user(UserFactory.create(role="finance"))

        with django_assert_num_queries(1, using="accounts"):
            assert user.has_perm("orders.refund")
            assert not user.has_perm("orders.cancel")
            assert user.is_staff

    def test_may_do_nothing_once_the_account_is_closed(self) -> None:
        admin = UserFactory.create(role="admin")
        user = self.user(admin)
        services.close_account(user_id=admin.id, now=datetime.now(UTC))

        assert not user.has_perm("orders.refund")
