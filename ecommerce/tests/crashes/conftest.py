"""A payment gateway and a mailbox that outlive the processes that die here."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from apps.payments.gateways.current import current_gateway
from apps.payments.testing import RunningGateway


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


@pytest.fixture
def mailbox(tmp_path: Path, settings: Settings) -> Path:
    """The folder into which mails are handed over."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path / "mail")
    (tmp_path / "mail").mkdir()
    return tmp_path / "mail"
