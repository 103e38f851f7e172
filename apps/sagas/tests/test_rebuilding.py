"""A row that somebody damaged or deleted is made anew from its history, and the saga goes on as if nothing was."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from apps.core import clock, failpoints
from apps.core.failpoints import Failpoint, FailpointReached
from apps.core.ids import new_id
from apps.sagas import lanes, requests
from apps.sagas.models import ArchivedSaga, SagaDeadLetter, SagaEvent, SagaTransaction
from apps.sagas.orchestrator import claim
from apps.sagas.rebuilding import SagaCannotBeRebuilt, rebuild
from apps.sagas.retention import archive_finished
from apps.sagas.selectors import SagaNotFound
from apps.sagas.testing import drain
from apps.sagas.verification import find_broken_histories

from . import cake
from .by_hand import damage, delete, run, tamper
from .tea_house import BANK_SILENCE, CALLS, FAULTS, LANES, begun, effects, expire_lease, order, row

pytestmark = [pytest.mark.committed(databases=["orders", "catalog"]), pytest.mark.usefixtures("house")]

STANDS = ("definition", "version", "subject_id", "order_id", "status", "hold", "step", "direction", "lane", "states")
STANDS += ("effects_open", "data", "cause", "deadline_at", "trace_id", "failures", "epoch")
DAMAGES = {
    "states": """states = '["ready", "ready", "ready", "ready", "ready", "ready"]'""",
    "states that nobody can read": """states = '["brewing"]'""",
    "step": "step = 2",
    "a step that there is not": "step = 17",
    "status": "status = 'active', finished_at = NULL, step = 1, direction = 'forward'",
    "direction and cause": """direction = 'backward', step = 1, cause = '{"step": "x", "code": "x"}'""",
    "data": """data = '{"order_id": "0", "leaves": "none", "price": 500}'""",
    "data that nobody can read": "data = '{}'",
    "seq": "seq = 1",
    "effects_open": "effects_open = 9, status = CASE status WHEN 'failed' THEN 'completed' ELSE status END",
}


def stands(tea):
    """What a row says but for when it runs."""
    return SagaTransaction.objects.filter(id=tea.saga_id).values(*STANDS).get()


def mended(tea, **options):
    return [found.column for found in rebuild(tea.saga_id, actor="ann", reason="psql", **options)]


def broken(tea):
    return [finding.problem for finding in find_broken_histories() if finding.saga_id == tea.saga_id]


def at_the_till():
    tea = order()
    begun(tea)
    lanes.run_batch("kitchen")
    return tea


def turned_back():
    """A saga that the bank refused, with everything still to undo."""
    tea = order(price=500)
    begun(tea)
    lanes.run_batch("kitchen")
    lanes.run_batch("till")
    return tea


def ended():
    tea = order()
    begun(tea)
    drain(LANES)
    return tea


def undone():
    tea = order(price=500)
    begun(tea)
    drain(LANES)
    return tea


FORWARD = ["weigh", "brew", "intend", "record", "wash"]
BACKWARD = ["weigh", "brew", "intend", "record", "give_back", "pour_away", "unweigh"]
PLACES = {
    "in mid-flight": (at_the_till, "completed", FORWARD),
    "turned back": (turned_back, "failed", BACKWARD),
    "completed": (ended, "completed", FORWARD),
    "failed": (undone, "failed", BACKWARD),
}


class TestRebuild:
    @pytest.mark.parametrize("place", PLACES)
    @pytest.mark.parametrize("what", DAMAGES)
    def test_restores_what_was_damaged_and_the_saga_ends_well(self, place, what):
        bring, end, done = PLACES[place]
        tea = bring()
        before = stands(tea)
        run(f"UPDATE saga_transactions SET {DAMAGES[what]} WHERE id = %(id)s", id=tea.saga_id)
        damaged = stands(tea) != before or row(tea.saga_id).seq == 1

        mended(tea)

        assert damaged
        assert stands(tea) == before
        assert broken(tea) == []
        drain(LANES)
        assert (row(tea.saga_id).status, effects(tea.order_id)) == (end, done)
        assert broken(tea) == []

    @pytest.mark.parametrize("place", PLACES)
    def test_makes_a_deleted_row_anew_and_the_saga_ends_well(self, place):
        bring, end, done = PLACES[place]
        tea = bring()
        before = stands(tea)
        delete(tea.saga_id)

        mended(tea)

        assert stands(tea) == before
        drain(LANES)
        assert (row(tea.saga_id).status, effects(tea.order_id)) == (end, done)
        assert broken(tea) == []

    @pytest.mark.parametrize("what", ["deleted", "damaged"])
    def test_puts_an_archived_row_right_in_the_archive(self, what):
        tea = ended()
        while archive_finished(before=clock.now()):
            pass
        before = ArchivedSaga.objects.filter(id=tea.saga_id).values(*STANDS).get()
        archived = ArchivedSaga.objects.filter(id=tea.saga_id)
        archived.delete() if what == "deleted" else archived.update(states=["ready"] * 6)

        mended(tea)

        assert ArchivedSaga.objects.filter(id=tea.saga_id).values(*STANDS).get() == before
        assert not SagaTransaction.objects.filter(id=tea.saga_id).exists()
        assert broken(tea) == []

    def test_tells_in_the_history_who_and_what(self):
        tea = at_the_till()
        damage(tea.saga_id, step=5, states=["completed"] * 6)

        mended(tea)

        event = SagaEvent.objects.get(saga_id=tea.saga_id, kind="rebuilt")
        assert (event.seq, event.step, event.actor) == (4, "take_money", "ann")
        assert event.data == {"reason": "psql", "columns": ["step", "states"]}
        assert row(tea.saga_id).seq == 4

    def test_only_says_what_differs_in_a_dry_run(self):
        tea = at_the_till()
        damage(tea.saga_id, step=5)

        assert mended(tea, dry_run=True) == ["step"]

        assert row(tea.saga_id).step == 5
        assert not SagaEvent.objects.filter(saga_id=tea.saga_id, kind="rebuilt").exists()

    def test_writes_nothing_where_nothing_differs(self):
        tea = at_the_till()

        assert mended(tea) == []

        assert row(tea.saga_id).seq == 3

    def test_runs_no_step_twice_that_was_done_and_not_settled(self, monkeypatch):
        tea = order()
        begun(tea)
        monkeypatch.setitem(failpoints.ACTIVE, "before_settle_commit", Failpoint("raise", 0.0, 1))
        with pytest.raises(FailpointReached):
            lanes.run_batch("kitchen")
        delete(tea.saga_id)

        mended(tea)
        drain(LANES)

        assert row(tea.saga_id).status == "completed"
        assert effects(tea.order_id) == FORWARD
        assert CALLS["weigh commands"] == 1

    def test_takes_no_money_twice_that_the_bank_did_not_speak_of(self):
        tea = order()
        begun(tea)
        BANK_SILENCE.add(tea.order_id)
        lanes.run_batch("kitchen")
        lanes.run_batch("till")
        delete(tea.saga_id)

        mended(tea)

        assert (row(tea.saga_id).states[3], row(tea.saga_id).failures) == ("unknown", 1)
        drain(LANES)
        assert row(tea.saga_id).status == "completed"

    def test_keeps_the_saga_paused_that_was_paused(self):
        tea = at_the_till()
        requests.ask(saga_id=tea.saga_id, kind="pause", actor="ann", reason="wait")
        delete(tea.saga_id)

        mended(tea)

        assert row(tea.saga_id).hold == "paused"

    def test_frees_a_saga_that_nobody_could_read(self):
        tea = at_the_till()
        damage(tea.saga_id, data={})
        lanes.run_batch("till")
        held = row(tea.saga_id).hold

        mended(tea)
        drain(LANES)

        assert held == "dead_letter"
        assert row(tea.saga_id).status == "completed"
        (letter,) = SagaDeadLetter.objects.filter(saga_id=tea.saga_id)
        assert (letter.state, letter.resolved_by) == ("resolved", "ann")

    def test_leaves_the_dead_letter_of_a_step_that_spent_its_tries(self):
        tea = order(price=500)
        begun(tea)
        FAULTS["give_back"] = [ValueError("no paper")] * 5
        for _ in range(20):
            drain(LANES)
            run("UPDATE saga_transactions SET due_at = now() WHERE id = %(id)s", id=tea.saga_id)
            if "comp_parked" in row(tea.saga_id).states:
                break
        damage(tea.saga_id, data={})

        mended(tea)

        assert SagaDeadLetter.objects.get(saga_id=tea.saga_id).state == "open"

    def test_knows_what_two_people_gave_up_and_nobody_has_noted(self):
        guest = cake.order(price=500)
        FAULTS["give_back"] = [ValueError("no paper")] * 9
        begun(guest)
        drain(LANES)
        expire_lease(guest.saga_id)
        drain(LANES)
        for actor in ("ines", "omar"):
            requests.ask(saga_id=guest.saga_id, kind="waive", step="take_money", actor=actor, reason="Lost.")
        before = SagaTransaction.objects.filter(id=guest.saga_id).values(*STANDS, "waivers").get()
        delete(guest.saga_id)

        mended(guest)

        assert "waiving" in before["states"]
        assert SagaTransaction.objects.filter(id=guest.saga_id).values(*STANDS, "waivers").get() == before
        drain(LANES)
        assert (row(guest.saga_id).status, effects(guest.order_id).count("write_off")) == ("failed", 1)

    def test_leaves_the_cursor_where_it_went_round_to_untold(self):
        guest = cake.order(price=500)
        FAULTS["give_back"] = [ValueError("no paper")] * 99
        FAULTS["unweigh"] = [ValueError("no scales")] * 99
        begun(guest)
        steps = set()
        for _ in range(12):
            drain(LANES)
            expire_lease(guest.saga_id)
            if row(guest.saga_id).states.count("comp_parked") == 2:
                steps.add(row(guest.saga_id).step)
                assert mended(guest, dry_run=True) == []

        assert steps == {1, 2}

    def test_refuses_a_saga_that_a_worker_has(self):
        tea = at_the_till()
        claim("till", limit=10, lease_seconds=30)

        with pytest.raises(SagaCannotBeRebuilt, match="a worker has it right now"):
            mended(tea)

    def test_refuses_a_history_with_a_gap(self):
        tea = at_the_till()
        tamper("DELETE FROM saga_events WHERE saga_id = %(id)s AND seq = 2", id=tea.saga_id)

        with pytest.raises(SagaCannotBeRebuilt, match="has events 1, 3; the others are lost"):
            mended(tea)

    def test_refuses_a_history_that_no_engine_wrote(self):
        tea = at_the_till()
        tamper("UPDATE saga_events SET step = 'wash' WHERE saga_id = %(id)s AND seq = 2", id=tea.saga_id)

        with pytest.raises(SagaCannotBeRebuilt, match="its history leads nowhere: completed wash forward came while"):
            mended(tea)

    def test_refuses_a_history_that_lacks_the_data(self):
        tea = at_the_till()
        tamper("UPDATE saga_events SET data = data - 'data' WHERE saga_id = %(id)s AND seq = 1", id=tea.saga_id)

        with pytest.raises(SagaCannotBeRebuilt, match="before histories held the data"):
            mended(tea)

    def test_refuses_when_another_saga_of_the_subject_has_begun(self):
        tea = at_the_till()
        damage(tea.saga_id, subject_id=new_id())
        delete(tea.saga_id)
        other = order()
        begun(other)
        damage(other.saga_id, subject_id=tea.subject_id)

        with pytest.raises(SagaCannotBeRebuilt, match="another saga has taken its place"):
            mended(tea)

    def test_knows_nothing_of_a_saga_without_a_history(self):
        with pytest.raises(SagaNotFound):
            rebuild(new_id(), actor="ann", reason="psql")


class TestCommand:
    def said(self, tea, *options):
        said = StringIO()
        call_command("saga", "rebuild", str(tea.order_id), *options, "--reason", "psql", stdout=said)
        return said.getvalue()

    def test_prints_what_differed_and_what_it_did(self):
        tea = at_the_till()
        damage(tea.saga_id, step=17)

        dry, wet, again = self.said(tea, "--dry-run"), self.said(tea), self.said(tea)

        assert [line.split() for line in dry.splitlines()] == [
            ["column", "row", "history"],
            ["step", "17", "3"],
            ["nothing", "was", "written"],
        ]
        assert wet.endswith("the row is restored\n")
        assert again == "the row stands where its history leads\n"

    def test_prints_json(self):
        tea = at_the_till()
        damage(tea.saga_id, step=17)

        assert json.loads(self.said(tea, "--json")) == [{"column": "step", "row": 17, "history": 3}]

    def test_ends_with_a_sentence_when_it_cannot(self):
        tea = at_the_till()
        claim("till", limit=10, lease_seconds=30)

        with pytest.raises(CommandError, match="a worker has it right now"):
            self.said(tea)
