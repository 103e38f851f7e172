"""Passwords, forgotten and set anew."""

from datetime import datetime, timedelta

import pytest

from apps.accounts import services
from apps.accounts.models import OutboxEvent, PasswordResetToken, Session, User
from apps.core.exceptions import InvalidInput

from .factories import PASSWORD

pytestmark = pytest.mark.django_db(databases=["accounts"])

DESK = services.Device(user_agent="desk", ip_address="192.0.2.1")


class TestPasswordReset:
    def test_stores_only_a_hash_and_announces_no_secret(self, ada: User, now: datetime) -> None:
        services.request_password_reset(email=" ADA@example.org", now=now)

        token = PasswordResetToken.objects.get()
        secret = services.reset_secret(reset_id=token.id)
        assert len(token.token) == 64
        assert token.token != secret
        assert token.expires_at == now + timedelta(hours=1)
        event = OutboxEvent.objects.get()
        assert event.type == "customer.password_reset_requested"
        assert event.payload == {"user_id": str(ada.id), "reset_id": str(token.id)}

    def test_does_nothing_for_an_unknown_address(self, now: datetime) -> None:
        services.request_password_reset(email="nobody@example.org", now=now)

        assert (PasswordResetToken.objects.count(), OutboxEvent.objects.count()) == (0, 0)

    def test_sets_the_password_and_ends_every_session(self, ada: User, now: datetime) -> None:
        services.log_in(email=ada.email, password=PASSWORD, device=DESK, now=now)
        secret = self.secret_for(ada, now)

        services.reset_password(secret=secret, new_password="another long secret", now=now)

        ada.refresh_from_db()
        assert ada.check_password("another long secret")
        assert Session.objects.get().end_reason == "credentials_changed"

    def test_takes_only_the_newest_secret_and_not_for_long(self, ada: User, now: datetime) -> None:
        older, newer = self.secret_for(ada, now), self.secret_for(ada, now)

        for secret, moment in ((older, now), (newer, now + timedelta(minutes=61)), ("", now)):
            with pytest.raises(services.InvalidResetToken):
                services.reset_password(secret=secret, new_password="another long secret", now=moment)

        ada.refresh_from_db()
        assert ada.check_password(PASSWORD)

    def test_survives_a_password_that_is_too_easy(self, ada: User, now: datetime) -> None:
        secret = self.secret_for(ada, now)
        with pytest.raises(InvalidInput):
            services.reset_password(secret=secret, new_password="12345", now=now)

        services.reset_password(secret=secret, new_password="another long secret", now=now)

        ada.refresh_from_db()
        assert ada.check_password("another long secret")

    def secret_for(self, user: User, now: datetime) -> str:
        services.request_password_reset(email=user.email, now=now)
        return services.reset_secret(reset_id=user.reset_tokens.latest("id").id)
