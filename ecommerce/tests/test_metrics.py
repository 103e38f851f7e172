"""`/metrics`: of one process, of several, and of the databases."""

import os
import re
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
import requests
from django.db import connections
from django.test import Client, override_settings
from prometheus_client.parser import text_string_to_metric_families

from apps.core.clock import now
from apps.core.running import free_port
from apps.sagas.models import AuditFinding, AuditPosition, SagaDeadLetter, SagaTransaction
from ecommerce.testing.processes import PYTHON, Process, listens
from ecommerce.testing.stack import ALIASES

Labels = dict[str, str]


def values(page: str, name: str) -> list[tuple[Labels, float]]:
    return [
        (sample.labels, sample.value)
        for family in text_string_to_metric_families(page)
        for sample in family.samples
        if sample.name == name
    ]


def value(page: str, name: str, **labels: str) -> float | None:
    return next((value for found, value in values(page, name) if found == labels), None)


def scrape(client: Client) -> str:
    response = client.get("/metrics")
    assert response.status_code == 200
    return response.content.decode()


def saga(**fields: object) -> SagaTransaction:
    return SagaTransaction.objects.create(
        **{
            "id": uuid4(),
            "definition": "tea_ceremony",
            "version": 1,
            "subject_id": uuid4(),
            "order_id": uuid4(),
            "status": "active",
            "step": 0,
            "direction": "forward",
            "lane": "payments",
            "states": {},
            "effects_open": 0,
            "seq": 1,
            "data": {},
        }
        | fields
    )


# Emptied after each test, but for accounts: the roles that its migrations made stay.
@pytest.mark.django_db(transaction=True, databases=ALIASES[1:])
@pytest.mark.committed(databases=ALIASES[:1])
class TestDatabases:
    def test_tell_how_long_a_lane_keeps_its_oldest_saga_waiting(self, client):
        saga(due_at=now() - timedelta(seconds=90))
        saga(due_at=now() - timedelta(seconds=30))
        saga(due_at=now() + timedelta(seconds=90), lane="catalog")
        saga(due_at=now() - timedelta(seconds=900), lane="catalog", hold="paused")

        page = scrape(client)

        assert 90 <= value(page, "saga_oldest_due_seconds", lane="payments") < 120
        assert value(page, "saga_oldest_due_seconds", lane="catalog") == 0
        assert value(page, "saga_oldest_due_seconds", lane="orders") == 0
        assert value(page, "saga_held", hold="paused") == 1

    def test_tell_sagas_by_state(self, client):
        saga()
        saga(status="compensating")
        saga(status="completed", finished_at=now())
        saga(status="completed", finished_at=now(), created_at=now() - timedelta(days=2))
        saga(created_at=now() - timedelta(days=2))

        page = scrape(client)

        assert {labels["status"]: count for labels, count in values(page, "saga_transactions")} == {
            "active": 2,
            "compensating": 1,
            "completed": 1,
        }

    def test_tell_whose_outcome_nobody_knows(self, client):
        saga(step=1, states=["completed", "unknown", "pending"])
        saga(step=1, states=["completed", "ready", "pending"])
        saga(step=2, states=["completed", "unknown", "ready"])
        saga(step=1, states=["completed", "unknown"], status="completed", finished_at=now())

        page = scrape(client)

        assert values(page, "saga_unknown_outcomes") == [({"lane": "payments"}, 1)]

    def test_tell_how_old_the_oldest_open_dead_letter_of_a_step_is(self, client):
        for step, minutes, state in (
            ("process_payment", 100, "resolved"),
            ("process_payment", 70, "open"),
            ("process_payment", 5, "open"),
            ("send_confirmation_email", 2, "open"),
        ):
            SagaDeadLetter.objects.create(
                saga_id=uuid4(),
                step=step,
                direction="forward",
                error="GatewayUnreachable: no route",
                attempts=9,
                state=state,
                first_at=now() - timedelta(minutes=minutes),
            )

        page = scrape(client)

        oldest = values(page, "saga_oldest_dead_letter_seconds")
        assert {labels["step"]: round(seconds / 60) for labels, seconds in oldest} == {
            "process_payment": 70,
            "send_confirmation_email": 2,
        }

    def test_tell_what_breaks_each_invariant(self, client):
        for closed_at in (None, None, now()):
            AuditFinding.objects.create(
                invariant="I3", check_name="x", subject="saga", subject_id=uuid4(), problem="x", closed_at=closed_at
            )

        page = scrape(client)

        assert {labels["invariant"]: count for labels, count in values(page, "invariant_violations")} == {
            f"I{number}": 2 if number == 3 else 0 for number in range(1, 15)
        }

    def test_tell_how_far_the_auditor_is_behind_with_what_is_new_and_with_each_round(self, client):
        moment = now()
        for check, source, began, until in (
            ("fast", "saga/finished", None, 40),
            ("slow", "saga/finished", None, 500),
            ("fast", "event of catalog/every", None, 60),
            ("slow", "saga/unfinished", 30, 100),
            ("new", "saga/unfinished", 300, None),
            ("slow", "saga/every", 90, 4000),
        ):
            ago = [seconds and moment - timedelta(seconds=seconds) for seconds in (began, until)]
            AuditPosition.objects.create(
                check_name=check, source=source, position="", began_at=ago[0], judged_until=ago[1]
            )

        page = scrape(client)

        behind = {labels["subject"]: round(seconds, -1) for labels, seconds in values(page, "audit_behind_seconds")}
        rounds = {labels["source"]: round(seconds, -1) for labels, seconds in values(page, "audit_round_seconds")}
        assert behind == {"saga": 500, "event of catalog": 60}
        assert rounds == {"unfinished": 300, "every": 4000}
        assert value(page, "audit_age_seconds") < 30

    def test_tell_the_time_of_the_sagas_database(self, client):
        before = time.time()

        page = scrape(client)

        assert before - 1 <= value(page, "saga_database_time_seconds") <= time.time() + 1

    def test_tell_what_waits_in_each_outbox(self, client):
        with connections["catalog"].cursor() as cursor:
            cursor.execute(
                "INSERT INTO outbox_events (aggregate, aggregate_id, aggregate_seq, type, payload, created_at)"
                " VALUES ('product', gen_random_uuid(), 1, 'product.updated', '{}', now() - interval '1 minute')"
            )

        page = scrape(client)

        assert value(page, "outbox_unpublished", service="catalog") == 1
        assert 60 <= value(page, "outbox_lag_seconds", service="catalog") < 90
        assert {labels["service"] for labels, _ in values(page, "outbox_lag_seconds")} == set(ALIASES)
        assert value(page, "outbox_lag_seconds", service="payments") == 0

    def test_that_are_down_leave_their_series_out_and_the_page_whole(self, client):
        orders = connections["orders"].settings_dict
        with pytest.MonkeyPatch.context() as patch:
            patch.setitem(orders, "NAME", "nowhere")
            page = scrape(client)

        assert value(page, "database_up", service="orders") == 0
        assert value(page, "database_up", service="catalog") == 1
        assert values(page, "saga_oldest_due_seconds") == []
        assert value(page, "outbox_unpublished", service="catalog") == 0

    def test_tell_the_pools_at_the_moment_of_the_scrape(self, client):
        connections["orders"].ensure_connection()

        page = scrape(client)

        total, idle = (
            value(page, "database_connection_pool_size", service="orders", status=s) for s in ("total", "idle")
        )
        assert total == idle + 1


@pytest.mark.django_db(databases=[])
class TestToken:
    @pytest.fixture(autouse=True)
    def with_token(self) -> Iterator[None]:
        with override_settings(METRICS_TOKEN="tea"):
            yield

    @pytest.mark.parametrize("header", ["", "Bearer", "Bearer coffee", "tea"])
    def test_keeps_others_out(self, client, header):
        response = client.get("/metrics", headers={"Authorization": header})

        assert response.status_code == 401
        assert b"# HELP" not in response.content


@pytest.fixture
def two_processes(servers: object, tmp_path: Path) -> Iterator[str]:
    """The address of a web server of two processes, as a deployment runs it; both have answered."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    environment = os.environ | {"PROMETHEUS_MULTIPROC_DIR": str(tmp_path / "metrics"), "LOG_LEVEL": "WARNING"}
    options = ["--interface", "wsgi", "--port", str(port), "--workers", "2", "--blocking-threads", "2"]
    command = [PYTHON, "-m", "granian", *options, "--log-level", "error", "ecommerce.wsgi:application"]
    web = Process("web", command, environment, tmp_path).start()
    try:
        web.ready(lambda: listens(port) and both_answered(address, tmp_path / "metrics"), seconds=60)
        yield address
    finally:
        web.stop()


def both_answered(address: str, folder: Path) -> bool:
    requests.get(f"{address}/health/live", timeout=10)
    return len({re.sub(r"\D", "", file.name) for file in folder.glob("counter_*.db")}) == 2


def requests_of(page: str) -> float:
    return sum(
        count
        for labels, count in values(page, "django_http_requests_total_by_view_transport_method_total")
        if labels["view"] == "live"
    )


class TestTwoProcesses:
    def test_tell_one_truth_whichever_is_asked(self, two_processes):
        # Each on a connection of its own, so that both processes get some.
        before = requests_of(requests.get(f"{two_processes}/metrics").text)
        for _ in range(40):
            assert requests.get(f"{two_processes}/health/live").status_code == 200

        pages = [requests.get(f"{two_processes}/metrics").text for _ in range(10)]

        assert [requests_of(page) - before for page in pages] == [40] * 10
