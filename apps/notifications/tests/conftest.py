from collections.abc import Iterator

import pytest
from pytest_django.fixtures import Settings

from apps.core.running import free_port

from .mail_server import MailServer


@pytest.fixture
def mail_server(settings: Settings) -> Iterator[MailServer]:
    """A real mail server, in use."""
    server = MailServer(free_port())
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
    settings.EMAIL_TIMEOUT = 5
    settings.DEFAULT_FROM_EMAIL = "Tea Shop <orders@tea.example>"
    settings.SHOP_NAME = "Tea Shop"
    yield server
    server.stop()
