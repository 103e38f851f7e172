import os
import subprocess
import sys
from secrets import token_urlsafe
from typing import Any

import pytest
from django.conf import settings

from ecommerce.settings.safety import DEFAULT_SECRET, dangers

SAFE: dict[str, Any] = {
    "secret_key": "s" * 50,
    "debug": False,
    "allowed_hosts": ["shop.example"],
    "databases": {"default": {}, "orders": {"HOST": "/var/run/postgresql"}},
}
REMOTE: dict[str, Any] = {"HOST": "db.example", "OPTIONS": {}}


def found(**changed: Any) -> list[str]:
    return list(dangers(**{**SAFE, **changed}))


class TestDangers:
    def test_finds_nothing_in_a_safe_configuration(self):
        assert found() == []

    @pytest.mark.parametrize(
        ("changed", "beginning", "mending"),
        [
            ({"secret_key": DEFAULT_SECRET}, "SECRET_KEY is the one everybody can read", "set it to the output of"),
            ({"secret_key": "short"}, "SECRET_KEY has fewer than 40 characters", "set it to the output of"),
            ({"debug": True}, "DEBUG is on", "unset DEBUG"),
            ({"allowed_hosts": ["*"]}, "ALLOWED_HOSTS lets every host name in", "set it to those of the shop"),
            ({"payment_gateway": "fake"}, "PAYMENT_GATEWAY is the fake one", "set FAKE_PAYMENTS=true where nothing is"),
            (
                {"databases": {"orders": REMOTE}},
                "The orders database at db.example is reached without TLS",
                "add ?sslmode=verify-full to ORDERS_DATABASE_URL",
            ),
        ],
    )
    def test_says_in_one_sentence_what_is_wrong_and_how_to_mend_it(self, changed, beginning, mending):
        (sentence,) = found(**changed)

        assert sentence.startswith(beginning)
        assert mending in sentence
        assert sentence.endswith(".")

    @pytest.mark.parametrize("host", ["", None, "localhost", "127.0.0.1", "::1", "/tmp/sockets"])
    def test_lets_a_database_on_this_machine_be(self, host):
        assert found(databases={"orders": {"HOST": host}}) == []

    @pytest.mark.parametrize("sslmode", ["require", "verify-ca", "verify-full"])
    def test_lets_an_encrypted_connection_be(self, sslmode):
        assert found(databases={"orders": REMOTE | {"OPTIONS": {"sslmode": sslmode}}}) == []

    @pytest.mark.parametrize("sslmode", ["disable", "allow", "prefer"])
    def test_finds_one_that_may_fall_back_to_plain(self, sslmode):
        assert len(found(databases={"orders": REMOTE | {"OPTIONS": {"sslmode": sslmode}}})) == 1

    def test_lets_a_network_be_that_is_said_to_be_trusted(self):
        assert found(databases={"orders": REMOTE}, trusted_network=True) == []

    def test_lets_fake_payments_be_where_they_are_meant(self):
        assert found(payment_gateway="fake", fake_payments=True) == []

    def test_lets_a_real_gateway_be(self):
        assert found(payment_gateway="stripe") == []


def start(*command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Start Django as a deployment would, or run a command of it."""
    return subprocess.run(
        [sys.executable, *(command or ("-c", "import django; django.setup(); print('started')"))],
        cwd=settings.BASE_DIR,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "ecommerce.settings.production"} | environment,
        capture_output=True,
        text=True,
        check=False,
    )


class TestProduction:
    def test_refuses_to_start_with_the_secret_of_the_source(self):
        outcome = start(SECRET_KEY=DEFAULT_SECRET)

        assert outcome.returncode != 0
        assert (
            outcome.stderr.strip()
            .splitlines()[-1]
            .startswith(
                "django.core.exceptions.ImproperlyConfigured: SECRET_KEY is the one everybody can read in the source"
            )
        )

    def test_refuses_a_remote_database_without_tls(self):
        outcome = start(
            SECRET_KEY="s" * 50, FAKE_PAYMENTS="true", ORDERS_DATABASE_URL="postgresql://orders:pw@db.example/orders"
        )

        assert "The orders database at db.example is reached without TLS" in outcome.stderr
        assert "pw" not in outcome.stderr.splitlines()[-1]

    def test_starts_when_all_is_safe(self):
        outcome = start(
            SECRET_KEY="s" * 50,
            FAKE_PAYMENTS="true",
            ORDERS_DATABASE_URL="postgresql://orders:pw@db.example/orders?sslmode=verify-full",
        )

        assert (outcome.stdout, outcome.stderr) == ("started\n", "")

    def test_passes_the_checks_of_a_deployment(self):
        outcome = start("manage.py", "check", "--deploy", SECRET_KEY=token_urlsafe(50), FAKE_PAYMENTS="true")

        assert outcome.stdout.startswith("System check identified no issues"), outcome.stderr
