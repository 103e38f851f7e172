import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from django.conf import settings
from django.test import Client

from apps.core.logs import drop_probes, hide_secrets, without_secrets

SECRETS = (
    "password",
    "new_password",
    "token",
    "refresh",
    "access_token",
    "Authorization",
    "card_number",
    "otp",
    "api_key",
)


@pytest.fixture
def lines() -> Iterator[list[dict[str, Any]]]:
    """What the root logger writes as JSON, from now on."""
    written: list[dict[str, Any]] = []

    class Kept(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            written.append(json.loads(self.format(record)))

    declared = settings.LOGGING["formatters"]["json"]
    arguments = {name: value for name, value in declared.items() if name != "()"}
    handler = Kept()
    handler.setFormatter(declared["()"](**arguments))
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield written
    root.removeHandler(handler)
    root.setLevel(level)


class TestHideSecrets:
    @pytest.mark.parametrize("name", SECRETS)
    def test_blanks(self, name):
        assert hide_secrets(None, "info", {name: "hunter2", "user_id": "7"}) == {name: "[hidden]", "user_id": "7"}

    @pytest.mark.parametrize("name", ["user_id", "saga_id", "order_id", "code", "status", "tokenizer", "event"])
    def test_leaves(self, name):
        assert hide_secrets(None, "info", {name: "x"}) == {name: "x"}

    def test_blanks_the_secrets_in_an_address(self):
        assert without_secrets("GET /reset?token=abc&lang=en") == "GET /reset?token=[hidden]&lang=en"

    def test_leaves_other_addresses_as_they_are(self):
        assert without_secrets("GET /products?search=tea%20pot&limit=5") == "GET /products?search=tea%20pot&limit=5"


class TestDropProbes:
    @pytest.mark.parametrize("request_line", ["GET /health/live", "GET /health/ready", "GET /metrics"])
    def test_drops_who_looks_every_few_seconds(self, request_line):
        with pytest.raises(structlog.DropEvent):
            drop_probes(None, "info", {"event": "request_finished", "request": request_line, "code": 200})

    def test_keeps_a_failing_check(self):
        event = {"event": "request_finished", "request": "GET /health/ready", "code": 503}

        assert drop_probes(None, "info", event) is event


class TestLines:
    def test_of_the_standard_library_carry_their_extras(self, lines):
        logging.getLogger("apps.sagas").warning("saga_step_failed", extra={"saga_id": "7", "token": "hunter2"})

        (line,) = lines
        assert line.items() >= {"event": "saga_step_failed", "saga_id": "7", "logger": "apps.sagas"}.items()
        assert (line["level"], line["token"]) == ("warning", "[hidden]")
        assert str(line["timestamp"]).endswith("Z")

    def test_of_a_failure_hold_the_traceback_and_no_values(self, lines):
        def fail() -> None:
            secret = "hunter" + "2"  # noqa: F841 - what a debugger would show
            raise ZeroDivisionError

        try:
            fail()
        except ZeroDivisionError:
            logging.getLogger("apps").exception("failed")

        assert "ZeroDivisionError" in str(lines[0]["exception"])
        assert "hunter2" not in str(lines[0])

    def test_of_a_request_name_it_and_the_answer_names_it_too(self, lines):
        response = Client().get("/api/v1/nowhere/?token=hunter2")

        line = next(line for line in lines if line["event"] == "request_finished")
        assert line["request"] == "GET /api/v1/nowhere/?token=[hidden]"
        assert (line["code"], line["request_id"]) == (404, response["X-Request-ID"])
