"""Ringing never holds anybody up, whatever the broker does."""

import socket
import time

import pytest
from celery import Celery
from django.conf import settings

from apps.sagas.doorbell import RINGS, Doorbell


@pytest.fixture
def frozen_app():
    """Celery as the project configures it, with a broker that accepts connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        app = Celery("frozen", set_as_current=False)
        app.config_from_object(settings, namespace="CELERY")
        app.conf.broker_url = f"redis://127.0.0.1:{server.getsockname()[1]}/0"
        yield app
        app.close()


def failed_rings() -> float:
    return RINGS.labels("kitchen", "failed")._value.get()


class TestRing:
    def test_returns_at_once_when_the_broker_is_frozen(self, frozen_app):
        doorbell, before = Doorbell(frozen_app, breaker_seconds=0.1), failed_rings()

        started = time.monotonic()
        for _ in range(1000):
            doorbell.ring(["kitchen"])
        took_seconds = time.monotonic() - started

        assert took_seconds < 0.5
        doorbell.flush(timeout_seconds=5)
        assert failed_rings() > before

    def test_makes_one_message_of_many_rings(self, frozen_app):
        doorbell, before = Doorbell(frozen_app, breaker_seconds=0.1), failed_rings()

        for _ in range(1000):
            doorbell.ring(["kitchen"])
        doorbell.flush(timeout_seconds=5)

        assert failed_rings() - before <= 2
