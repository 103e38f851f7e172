"""Sessions, from signing in to being forgotten."""

from datetime import datetime, timedelta

import pytest
from django.conf import LazySettings

from apps.accounts import services
from apps.accounts.models import PasswordResetToken, Session, User
from apps.accounts.services import tokens

from .factories import PASSWORD, UserFactory
from .hashers import CountingHasher

pytestmark = pytest.mark.django_db(databases=["accounts"])

DESK = services.Device(user_agent="desk", ip_address="192.0.2.1")


class TestLogIn:
    def test_opens_a_session_and_notes_when_and_from_where(self, ada: User, now: datetime) -> None:
        signed_in = services.log_in(email="Ada@Example.org", password=PASSWORD, device=DESK, now=now)

        ada.refresh_from_db()
        assert (ada.last_login, ada.last_login_ip) == (now, "192.0.2.1")
        session = Session.objects.get()
        assert (session.id, session.user, session.user_agent) == (signed_in.session_id, ada, "desk")
        assert session.expires_at == now + timedelta(days=30)

    @pytest.mark.parametrize(
        ("email", "password"),
        [("ada@example.org", "wrong"), ("nobody@example.org", PASSWORD), ("closed@example.org", PASSWORD)],
    )
    def test_works_as_hard_for_an_account_that_does_not_exist(
        self, settings: LazySettings, now: datetime, email: str, password: str
    ) -> None:
        settings.PASSWORD_HASHERS = ["apps.accounts.tests.hashers.CountingHasher"]
        UserFactory.create(email="ada@example.org")
        UserFactory.create(email="closed@example.org", is_active=False)
        CountingHasher.hashes.clear()

        with pytest.raises(services.InvalidCredentials):
            services.log_in(email=email, password=password, device=DESK, now=now)

        assert len(CountingHasher.hashes) == 1
        assert Session.objects.count() == 0

    def test_renews_a_hash_of_an_older_kind(self, ada: User, settings: LazySettings, now: datetime) -> None:
        settings.PASSWORD_HASHERS = [
            "django.contrib.auth.hashers.ScryptPasswordHasher",
            "django.contrib.auth.hashers.MD5PasswordHasher",
        ]

        services.log_in(email=ada.email, password=PASSWORD, device=DESK, now=now)

        ada.refresh_from_db()
        assert ada.password.startswith("scrypt$")
        assert ada.check_password(PASSWORD)


class TestRefreshSession:
    def test_keeps_the_session_alive(self, ada: User, now: datetime) -> None:
        now = datetime.now(now.tzinfo)
        three_days_ago = now - timedelta(days=3)
        first = services.log_in(email=ada.email, password=PASSWORD, device=DESK, now=three_days_ago)

        second = services.refresh_session(refresh_token=first.refresh_token, now=now)

        session = Session.objects.get()
        assert (session.last_activity_at, session.expires_at) == (now, now + timedelta(days=30))
        assert tokens.read(second.refresh_token, tokens.Kind.REFRESH).jti == session.jti

    def test_refuses_a_session_that_was_not_used_for_too_long(self, ada: User, now: datetime) -> None:
        now = datetime.now(now.tzinfo)
        first = services.log_in(email=ada.email, password=PASSWORD, device=DESK, now=now)

        with pytest.raises(services.SessionEnded):
            services.refresh_session(refresh_token=first.refresh_token, now=now + timedelta(days=31))

    def test_refuses_a_closed_account(self, ada: User, now: datetime) -> None:
        first = services.log_in(email=ada.email, password=PASSWORD, device=DESK, now=datetime.now(now.tzinfo))
        User.objects.update(is_active=False)

        with pytest.raises(services.SessionEnded):
            services.refresh_session(refresh_token=first.refresh_token, now=datetime.now(now.tzinfo))

    def test_ends_the_family_when_a_spent_token_comes_back(self, ada: User, now: datetime) -> None:
        now = datetime.now(now.tzinfo)
        first = services.log_in(email=ada.email, password=PASSWORD, device=DESK, now=now)
        elsewhere = services.log_in(email=ada.email, password=PASSWORD, device=DESK, now=now)
        services.refresh_session(refresh_token=first.refresh_token, now=now)

        with pytest.raises(services.RefreshTokenReused):
            services.refresh_session(refresh_token=first.refresh_token, now=now)

        ended = Session.objects.get(id=first.session_id)
        assert (ended.is_active, ended.ended_at, ended.end_reason) == (False, now, "refresh_reused")
        assert Session.objects.get(id=elsewhere.session_id).is_active


class TestEndSessions:
    def test_keeps_the_reason_of_the_first_end(self, ada: User, now: datetime) -> None:
        signed_in = services.log_in(email=ada.email, password=PASSWORD, device=DESK, now=now)
        services.log_out(session_id=signed_in.session_id, now=now)

        ended = services.end_sessions(
            session_ids=[signed_in.session_id], reason=Session.EndReason.REVOKED, now=now + timedelta(1)
        )

        assert ended == []
        assert Session.objects.get().end_reason == "logged_out"


class TestForgetOldSessions:
    def test_keeps_what_was_over_lately(self, ada: User, now: datetime) -> None:
        for days in (89, 91):
            Session.objects.create(user=ada, jti=str(days), expires_at=now - timedelta(days=days))
        for days in (6, 8):
            ada.reset_tokens.create(token=str(days), expires_at=now - timedelta(days=days))

        assert services.forget_old_sessions(now=now) == 2

        assert [session.jti for session in Session.objects.all()] == ["89"]
        assert [token.token for token in PasswordResetToken.objects.all()] == ["6"]
