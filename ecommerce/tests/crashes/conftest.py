"""A payment gateway and a mailbox that outlive the processes that die here."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from apps.core.running import free_port
from apps.payments.gateways.current import current_gateway
from apps.payments.testing import RunningGateway
from ecommerce.testing.accounts import Judges
from ecommerce.testing.mail import RunningMailSink


@pytest.fixture(scope="module")
def running_gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningGateway]:
    gateway = RunningGateway(tmp_path_factory.mktemp("gateway") / "store.sqlite3")
    gateway.start()
    yield gateway
    gateway.stop()


@pytest.fixture
def gateway(running_gateway: RunningGateway, settings: Settings) -> Iterator[RunningGateway]:
    """The gateway, in use."""
    settings.PAYMENT_GATEWAY_URL = running_gateway.url
    current_gateway.cache_clear()
    yield running_gateway
    current_gateway.cache_clear()


@pytest.fixture(scope="module")
def mail_sink(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningMailSink]:
    sink = RunningMailSink(tmp_path_factory.mktemp("mail_sink"), port=free_port())
    sink.start()
    yield sink
    sink.stop()


@pytest.fixture
def mailbox(mail_sink: RunningMailSink, settings: Settings) -> Path:
    """The folder in which every mail lies that was handed over."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", mail_sink.port
    return mail_sink.mails


@pytest.fixture
def judges(gateway: RunningGateway, mailbox: Path) -> Judges:
    """The gateway and the mail server, which outlive every worker."""
    return Judges(gateway, mailbox)
