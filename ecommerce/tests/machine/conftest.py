"""The gateway and the mail server that the machine's shop uses; they outlive every worker that dies."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from apps.core.running import free_port
from apps.payments.gateways.current import current_gateway
from apps.payments.testing import RunningGateway
from ecommerce.testing.mail import RunningMailSink

from .world import Judges

# More orders than one claim takes come together now and then.
BATCH = 3


@pytest.fixture
def judges(tmp_path: Path, settings: Settings) -> Iterator[Judges]:
    """The judges, in use."""
    gateway = RunningGateway(tmp_path / "gateway.sqlite3")
    sink = RunningMailSink(tmp_path, port=free_port())
    gateway.start()
    sink.start()
    settings.PAYMENT_GATEWAY_URL, settings.SAGA_BATCH = gateway.url, BATCH
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port
    current_gateway.cache_clear()
    # What happens to the engine here is told by the story, not by thousands of lines of its log.
    logging.disable()
    yield Judges(gateway, sink.log)
    logging.disable(logging.NOTSET)
    gateway.stop()
    sink.stop()
    current_gateway.cache_clear()
