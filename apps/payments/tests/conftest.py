from collections.abc import Iterator

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
    """The fake gateway, in use, with no fault in force; it has 0.3 s for an answer."""
    settings.PAYMENT_GATEWAY_URL = running_gateway.url
    settings.PAYMENT_GATEWAY_READ_SECONDS = 0.3
    current_gateway.cache_clear()
    running_gateway.mend()
    yield running_gateway
    running_gateway.mend()
    current_gateway.cache_clear()
