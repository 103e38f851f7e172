"""The gateway and the mail server of a shop that nobody else uses."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from apps.payments.gateways.current import current_gateway
from ecommerce.testing.stack import Stack

from .soak import IMPATIENT


@pytest.fixture
def stack(tmp_path: Path, settings: Settings) -> Iterator[Stack]:
    """The judges of a soak; this process asks the same gateway."""
    stack = Stack(tmp_path, extra=IMPATIENT)
    settings.PAYMENT_GATEWAY_URL = stack.gateway.url
    current_gateway.cache_clear()
    stack.start_judges()
    yield stack
    stack.stop()
    current_gateway.cache_clear()
