from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from apps.payments.gateways.current import current_gateway
from apps.payments.testing import RunningGateway


@pytest.fixture(scope="session")
def running_gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningGateway]:
    gateway = RunningGateway(tmp_path_factory.mktemp("gateway") / "store.sqlite3")
    gateway.start()
    yield gateway
    gateway.stop()


@pytest.fixture
def gateway(running_gateway: RunningGateway, settings: Settings) -> Iterator[RunningGateway]:
    """The fake gateway, in use, with no fault in force; it has half a second for an answer."""
    settings.PAYMENT_GATEWAY_URL = running_gateway.url
    settings.PAYMENT_GATEWAY_READ_SECONDS = 0.5
    current_gateway.cache_clear()
    yield running_gateway
    running_gateway.mend()
    current_gateway.cache_clear()


@pytest.fixture
def own_gateway(tmp_path: Path, settings: Settings) -> Iterator[RunningGateway]:
    """A fake gateway of one test's own, which the test may kill."""
    gateway = RunningGateway(tmp_path / "store.sqlite3")
    gateway.start()
    settings.PAYMENT_GATEWAY_URL = gateway.url
    settings.PAYMENT_GATEWAY_READ_SECONDS = 0.5
    current_gateway.cache_clear()
    yield gateway
    current_gateway.cache_clear()
    gateway.stop()
