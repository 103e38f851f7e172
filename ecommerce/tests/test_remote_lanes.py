"""Lanes whose participant is deployed apart: what is refused before anything starts."""

import os
import subprocess

import pytest

from ecommerce.testing.processes import PYTHON, ROOT


def started(**environment: str) -> subprocess.CompletedProcess[str]:
    """Start a process that only reads the settings of lanes."""
    return subprocess.run(
        [PYTHON, "-c", "from ecommerce.settings import celery; print(celery.SAGA_REMOTE_LANES)"],
        env=os.environ | {"CELERY_BROKER_URL": "amqp://nobody@127.0.0.1:1//"} | environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


class TestRemoteLanes:
    def test_are_named_by_commas(self):
        assert started(SAGA_REMOTE_LANES="catalog,payments").stdout.strip() == "['catalog', 'payments']"

    def test_are_none_when_the_variable_is_empty(self):
        assert started(SAGA_REMOTE_LANES="").stdout.strip() == "[]"

    @pytest.mark.parametrize("lane", ["orders", "catalogue"])
    def test_cannot_be_the_sagas_own_or_unknown(self, lane):
        assert f"names ['{lane}']: no lane that could be elsewhere" in started(SAGA_REMOTE_LANES=lane).stderr

    def test_need_rabbitmq(self):
        valkey = started(SAGA_REMOTE_LANES="catalog", CELERY_BROKER_URL="redis://127.0.0.1:1/0")

        assert "SAGA_REMOTE_LANES needs RabbitMQ" in valkey.stderr
