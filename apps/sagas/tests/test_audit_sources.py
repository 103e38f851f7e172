"""Requests, events and what is due: the auditor names the one that breaks its invariant."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

import pytest
from django.db import connections, transaction

from apps.core.ids import new_id
from apps.sagas import lanes, requests
from apps.sagas.audit import SUBJECTS, turns
from apps.sagas.audit.due import list_overdue
from apps.sagas.messages import Event
from apps.sagas.models import SagaRequest
from apps.sagas.outbox import publish
from apps.sagas.participant import PARTICIPANTS
from apps.sagas.testing import drain

from .by_hand import run, tamper
from .tea_house import LANES, begun, order

pytestmark = [pytest.mark.committed(databases=["orders", "catalog"]), pytest.mark.usefixtures("house")]
OUTBOX = "event of orders"


@pytest.fixture(autouse=True)
def at_once(settings):
    settings.AUDIT_LAG_SECONDS = -1.0


def problems(subject, *ids):
    """What is found of these, without the ids in the sentences."""
    judged = turns.judge(SUBJECTS[subject], ids, list(SUBJECTS[subject].checks))
    return [(one.invariant, one.id, one.problem) for page in judged for one in page.findings]


def read(subject, source):
    """Everything that a source gives."""
    (found,) = [one for one in SUBJECTS[subject].sources if one.name == source]
    return found.read("", 100_000).ids


def asked(kind, tea):
    requests.ask(saga_id=tea.saga_id, kind=kind, actor="ann", reason="Because.")
    return SagaRequest.objects.filter(saga_id=tea.saga_id, kind=kind).latest("id")


class TestI12:
    def test_is_kept_by_requests_of_every_kind(self):
        tea, late = order(), order()
        begun(tea, late)
        kinds = [asked(kind, tea).id for kind in ("pause", "resume", "retry", "cancel")]
        drain(LANES)
        refused = asked("cancel", late).id

        assert problems("request", *kinds, refused) == []
        assert set(kinds) <= set(read("request", "every"))

    def test_names_a_request_that_nobody_answers(self):
        tea = order()
        begun(tea)
        request = asked("pause", tea)

        SagaRequest.objects.filter(id=request.id).update(
            consumed_at=None, answer=None, created_at="2026-01-02T03:04:00Z"
        )

        assert problems("request", request.id) == [
            ("I12", request.id, f"pause of {tea.saga_id} waits since 2026-01-02 03:04")
        ]
        assert request.id in read("request", "waiting")
        SagaRequest.objects.filter(id=request.id).delete()

    def test_names_a_request_that_was_granted_and_is_not_told(self):
        tea = order()
        begun(tea)
        request = asked("pause", tea)

        tamper("DELETE FROM saga_events WHERE saga_id = %(id)s AND kind = 'paused'", id=tea.saga_id)

        assert problems("request", request.id) == [
            ("I12", request.id, f"paused by ann of {tea.saga_id}: granted 1 times, told 0 times")
        ]

    def test_names_a_request_that_was_consumed_twice(self):
        tea = order()
        begun(tea)
        request = asked("pause", tea)

        run(
            "INSERT INTO saga_events SELECT saga_id, 3, kind, step, direction, attempt, actor, data"
            " FROM saga_events WHERE saga_id = %(id)s AND kind = 'paused'",
            id=tea.saga_id,
        )

        assert problems("request", request.id) == [
            ("I12", request.id, f"paused by ann of {tea.saga_id}: granted 1 times, told 2 times")
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class TeaServed(Event):
    type: ClassVar[str] = "tea.served"
    aggregate: ClassVar[str] = "tea"
    guest_id: UUID

    @property
    def aggregate_id(self) -> UUID:
        return self.guest_id


@pytest.fixture
def three():
    """Three events about one guest, all published; their ids in order."""
    guest_id = new_id()
    with transaction.atomic(using="orders"):
        publish([TeaServed(guest_id=guest_id)] * 3, using="orders")
    run("UPDATE outbox_events SET published_at = now() WHERE aggregate_id = %(id)s", id=guest_id)
    with connections["orders"].cursor() as cursor:
        cursor.execute("SELECT id FROM outbox_events WHERE aggregate_id = %s ORDER BY aggregate_seq", [guest_id])
        yield [event_id for (event_id,) in cursor.fetchall()]
    run("DELETE FROM outbox_events WHERE aggregate_id = %(id)s", id=guest_id)


class TestI11:
    def about(self, event_id, number):
        with connections["orders"].cursor() as cursor:
            cursor.execute("SELECT aggregate_id FROM outbox_events WHERE id = %s", [event_id])
            return f"tea.served number {number} of tea {cursor.fetchone()[0]}"

    def test_is_kept_by_events_that_were_taken(self, three):
        assert problems(OUTBOX, *three) == []
        assert set(three) <= set(read(OUTBOX, "every"))

    def test_names_an_event_that_follows_a_gap(self, three):
        run("DELETE FROM outbox_events WHERE id = %(id)s", id=three[1])

        assert problems(OUTBOX, *three) == [("I11", three[2], f"{self.about(three[2], 3)} has none before it")]

    def test_names_a_young_aggregates_event_that_lost_the_first(self, three):
        run("DELETE FROM outbox_events WHERE id = %(id)s", id=three[0])

        assert problems(OUTBOX, *three) == [("I11", three[1], f"{self.about(three[1], 2)} has none before it")]

    def test_misses_nothing_that_retention_took(self, three, settings):
        settings.OUTBOX_DAYS = 0
        run("DELETE FROM outbox_events WHERE id = %(id)s", id=three[0])

        assert problems(OUTBOX, *three) == []

    def test_names_an_event_that_a_later_one_overtook(self, three):
        run("UPDATE outbox_events SET published_at = NULL WHERE id = %(id)s", id=three[0])

        assert problems(OUTBOX, *three) == [
            ("I11", three[0], f"{self.about(three[0], 1)} waits, and a later one was taken")
        ]

    def test_names_an_event_that_nobody_takes(self, three):
        run(
            "UPDATE outbox_events SET published_at = NULL, created_at = '2026-01-02 03:04+00' WHERE id = %(id)s",
            id=three[2],
        )

        assert problems(OUTBOX, *three) == [
            ("I11", three[2], f"{self.about(three[2], 3)} waits since 2026-01-02 03:04")
        ]
        assert three[2] in read(OUTBOX, "waiting")


class TestI13:
    def test_names_a_saga_that_nobody_claims(self):
        tea, fresh = order(), order()
        begun(tea, fresh)

        run("UPDATE saga_transactions SET due_at = '2026-01-02 03:04:05+00' WHERE id = %(id)s", id=tea.saga_id)

        assert problems("due saga", tea.saga_id, fresh.saga_id) == [
            ("I13", tea.saga_id, "it waits in the lane kitchen since 2026-01-02 03:04:05")
        ]
        assert tea.saga_id in read("due saga", "every")
        assert fresh.saga_id not in read("due saga", "every")

    def test_lets_what_is_leased_and_what_is_held_wait(self):
        tea, held = order(), order()
        begun(tea, held)
        lanes.run_batch("kitchen")
        requests.ask(saga_id=held.saga_id, kind="pause", actor="ann", reason="Because.")

        run("UPDATE saga_transactions SET due_at = '2026-01-02 03:04:05+00' WHERE id = %(id)s", id=held.saga_id)

        assert problems("due saga", tea.saga_id, held.saga_id) == []

    def test_judges_no_lane_whose_database_is_away(self, monkeypatch):
        tea = order()
        begun(tea)
        run("UPDATE saga_transactions SET due_at = '2026-01-02 03:04:05+00' WHERE id = %(id)s", id=tea.saga_id)
        before = tea.saga_id in list_overdue(100_000)

        monkeypatch.setattr(PARTICIPANTS["kitchen"], "database", "nowhere")
        monkeypatch.setitem(connections.databases, "nowhere", connections["orders"].settings_dict | {"NAME": "nowhere"})

        assert before
        assert tea.saga_id not in list_overdue(100_000)
