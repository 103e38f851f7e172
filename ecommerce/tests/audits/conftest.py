"""A shop with a gateway of its own, where orders are placed and carried to their ends in this process."""

from collections.abc import Iterator

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


@pytest.fixture(autouse=True)
def gateway(running_gateway: RunningGateway, settings: Settings) -> Iterator[RunningGateway]:
    """The gateway, in use; and an auditor that judges what was written this very moment."""
    settings.PAYMENT_GATEWAY_URL = running_gateway.url
    settings.AUDIT_LAG_SECONDS = -1.0
    current_gateway.cache_clear()
    yield running_gateway
    if not running_gateway.runs:
        running_gateway.start()
    current_gateway.cache_clear()
