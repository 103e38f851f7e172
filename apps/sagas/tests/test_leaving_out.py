"""A step that people leave out is not done any more, whoever is at it: its participant notes that first."""

import threading

import pytest
from django.db import connections, transaction

from apps.sagas import lanes
from apps.sagas.messages import request_hash
from apps.sagas.models import SagaDeadLetter, SagaEvent
from apps.sagas.orchestrator import claim
from apps.sagas.participant import PARTICIPANTS
from apps.sagas.settlement import Settlement
from apps.sagas.testing import drain
from apps.sagas.verification import find_broken_histories

from . import tea
from .tea_house import BANK, BANK_SILENCE, FAULTS, LANES, effects, expire_lease, row
from .tidying import TIDY_UP, leave_out, served

pytestmark = [pytest.mark.committed(databases=["orders", "catalog"]), pytest.mark.usefixtures("tidying")]


def run(claims, lane):
    return lanes._run(PARTICIPANTS[lane], [Settlement(claim=one, progress=one.progress) for one in claims])


def states(guest):
    return dict(zip((step.name for step in TIDY_UP.steps), row(guest.saga_id).states, strict=True))


def forward_entry(guest, step):
    with connections["catalog"].cursor() as cursor:
        cursor.execute(
            "SELECT outcome FROM saga_inbox WHERE saga_id = %s AND step = %s AND direction = 'forward'",
            [guest.saga_id, step],
        )
        return [outcome for (outcome,) in cursor.fetchall()]


def kinds(guest, step):
    return list(
        SagaEvent.objects.filter(saga_id=guest.saga_id, step=step).order_by("seq").values_list("kind", flat=True)
    )


def whole(guest):
    return [one for one in find_broken_histories() if one.saga_id == guest.saga_id] == []


class TestAPlainStep:
    def test_is_noted_before_the_saga_goes_on(self):
        guest = served()

        assert leave_out(guest, "wash").granted
        assert (states(guest)["wash"], forward_entry(guest, "wash")) == ("skipping", [])
        drain(LANES)

        assert (states(guest)["wash"], forward_entry(guest, "wash")) == ("skipped", ["cancelled"])
        assert (row(guest.saga_id).status, effects(guest.order_id)) == ("completed", ["intend", "record"])
        assert (kinds(guest, "wash"), whole(guest)) == (["skipped", "skip_noted"], True)

    def test_is_not_done_by_a_worker_that_comes_late(self):
        guest = served()
        late = claim("kitchen", limit=10, lease_seconds=30)
        assert leave_out(guest, "wash").granted
        expire_lease(guest.saga_id)
        drain(LANES)
        assert row(guest.saga_id).status == "completed"

        (settlement,) = run(late, "kitchen")

        assert settlement.error == "it was compensated or given up before it came: nothing is done any more"
        assert "wash" not in effects(guest.order_id)

    def test_waits_for_the_lease_of_who_is_at_it(self):
        guest = served()
        claim("kitchen", limit=10, lease_seconds=30)
        leave_out(guest, "wash")

        drain(LANES)

        assert (states(guest)["wash"], row(guest.saga_id).status) == ("skipping", "active")

    def test_is_done_where_its_worker_was_faster(self):
        guest = served()
        fast = claim("kitchen", limit=10, lease_seconds=30)
        run(fast, "kitchen")
        assert leave_out(guest, "wash").granted
        expire_lease(guest.saga_id)
        drain(LANES)

        assert (states(guest)["wash"], forward_entry(guest, "wash")) == ("completed", ["replied"])
        assert (effects(guest.order_id).count("wash"), row(guest.saga_id).status) == (1, "completed")
        assert (kinds(guest, "wash"), whole(guest)) == (["skipped", "completed"], True)

    @pytest.mark.parametrize("commits", [True, False])
    def test_is_decided_by_the_commit_of_who_is_at_it(self, commits):
        guest = served()
        (late,) = claim("kitchen", limit=10, lease_seconds=30)
        leave_out(guest, "wash")
        expire_lease(guest.saga_id)
        noting = threading.Thread(target=in_a_thread, args=(lambda: lanes.run_batch("kitchen"),))
        with transaction.atomic(using="catalog"):
            with connections["catalog"].cursor() as cursor:
                cursor.execute(
                    "INSERT INTO saga_inbox (saga_id, step, direction, epoch, outcome, reply, request_hash) "
                    "VALUES (%s, 'wash', 'forward', 0, 'replied', '{\"type\": \"Done\", \"data\": {}}', %s)",
                    [guest.saga_id, request_hash(tea.wash(late.data))],
                )
                noting.start()
                wait_until_waited_for("catalog")
            transaction.set_rollback(not commits, using="catalog")
        noting.join()
        drain(LANES)

        entry, state = ("replied", "completed") if commits else ("cancelled", "skipped")
        assert (forward_entry(guest, "wash"), states(guest)["wash"]) == ([entry], state)
        assert (row(guest.saga_id).status, whole(guest)) == ("completed", True)

    def test_is_left_out_where_it_failed(self):
        guest = served()
        FAULTS["wash"] = [ValueError("it fails")] * 9
        drain(LANES)
        assert states(guest)["wash"] == "ready"

        leave_out(guest, "wash")
        drain(LANES)

        assert (states(guest)["wash"], row(guest.saga_id).status) == ("skipped", "completed")
        assert not SagaDeadLetter.objects.filter(saga_id=guest.saga_id, state="open").exists()


class TestAStepInTheWorldOutside:
    def test_is_not_asked_for_by_a_worker_that_comes_late(self):
        guest = served()
        lanes.run_batch("kitchen")
        late = claim("till", limit=10, lease_seconds=30)
        leave_out(guest, "take_money")
        expire_lease(guest.saga_id)
        drain(LANES)
        assert (states(guest)["take_money"], row(guest.saga_id).status) == ("skipped", "completed")

        run(late, "till")

        assert BANK == {}
        assert forward_entry(guest, "take_money") == ["cancelled"]

    def test_is_left_out_where_nobody_knows_whether_it_was_done(self):
        guest = served()
        BANK_SILENCE.add(guest.order_id)
        lanes.run_batch("kitchen")
        lanes.run_batch("till")
        assert states(guest)["take_money"] == "unknown"

        leave_out(guest, "take_money")
        drain(LANES)

        # It cannot be taken back after the pivot; the outside world is not asked again.
        assert (states(guest)["take_money"], row(guest.saga_id).status, len(BANK)) == ("skipped", "completed", 1)
        assert whole(guest)


def in_a_thread(act):
    try:
        act()
    finally:
        connections.close_all()


def wait_until_waited_for(alias):
    """Return once somebody waits for the end of this transaction."""
    with connections[alias].cursor() as cursor:
        for _ in range(500):
            cursor.execute(
                "SELECT count(*) FROM pg_locks WHERE NOT granted AND transactionid = pg_current_xact_id()::text::xid"
            )
            if cursor.fetchone()[0]:
                return
            cursor.execute("SELECT pg_sleep(0.01)")
    raise AssertionError("nobody waits")
