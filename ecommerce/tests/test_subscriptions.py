"""Events that one app publishes reach the app that acts on them."""

import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.core.mail import EmailMultiAlternatives

from apps.accounts import services
from apps.accounts.models import OutboxEvent, User
from apps.accounts.tests.factories import UserFactory
from apps.notifications.models import Message
from apps.sagas.relay import relay
from ecommerce.celery import app

WORKER = """
from ecommerce.celery import app
app.loader.init_worker()
from apps.sagas.relay import SUBSCRIBERS
print([subscriber.__name__ for subscriber in SUBSCRIBERS["customer.password_reset_requested"]])
"""

pytestmark = pytest.mark.django_db(databases=["accounts", "notifications"])


@pytest.fixture(autouse=True)
def worker() -> None:
    """What a worker loads."""
    app.loader.import_default_modules()


@pytest.fixture
def ada() -> User:
    return UserFactory.create(email="ada@example.org")


def request_reset(user: User) -> None:
    services.request_password_reset(email=user.email, now=datetime.now(UTC))


class TestSubscriptions:
    def test_are_known_to_every_worker(self) -> None:
        outcome = subprocess.run(
            [sys.executable, "-c", WORKER], cwd=settings.BASE_DIR, capture_output=True, text=True, check=True
        )

        assert outcome.stdout == "['mail_password_reset']\n"


class TestMailPasswordReset:
    def test_sends_a_link_that_sets_a_new_password(self, ada: User, mailoutbox: list[EmailMultiAlternatives]) -> None:
        request_reset(ada)

        relay("accounts")

        [mail] = mailoutbox
        assert mail.to == ["ada@example.org"]
        [token] = re.findall(r"^http://localhost:3000/reset-password#token=(\w+)$", str(mail.body), re.MULTILINE)
        services.reset_password(secret=token, new_password="another long secret", now=datetime.now(UTC))
        ada.refresh_from_db()
        assert ada.check_password("another long secret")

    def test_sends_one_mail_when_the_event_comes_twice(
        self, ada: User, mailoutbox: list[EmailMultiAlternatives]
    ) -> None:
        request_reset(ada)
        relay("accounts")
        OutboxEvent.objects.update(published_at=None)

        relay("accounts")

        assert len(mailoutbox) == 1
        assert Message.objects.using("notifications").get().state == "sent"

    def test_sends_nothing_to_a_closed_account(self, ada: User, mailoutbox: list[EmailMultiAlternatives]) -> None:
        request_reset(ada)
        services.close_account(user_id=ada.id, now=datetime.now(UTC))

        relay("accounts")

        assert mailoutbox == []

    def test_sends_nothing_when_the_link_is_too_old(self, ada: User, mailoutbox: list[EmailMultiAlternatives]) -> None:
        request_reset(ada)
        OutboxEvent.objects.update(created_at=datetime.now(UTC) - timedelta(hours=1))

        relay("accounts")

        assert mailoutbox == []
        assert not OutboxEvent.objects.filter(published_at=None).exists()
