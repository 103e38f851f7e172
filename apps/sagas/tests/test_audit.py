"""The auditor names whoever breaks an invariant of the engine, and nobody else; what is right again is closed."""

import pytest
from django.db import connections

from apps.sagas import lanes
from apps.sagas.audit import SUBJECTS, turns
from apps.sagas.audit.subjects import audited
from apps.sagas.models import SagaDeadLetter
from apps.sagas.selectors import events_of
from apps.sagas.testing import drain

from . import cake
from .by_hand import damage, delete, run, tamper
from .tea_house import FAULTS, LANES, begun, effects, expire_lease, order, row
from .tidying import leave_out, served

pytestmark = [pytest.mark.committed(databases=["orders", "catalog"]), pytest.mark.usefixtures("house")]

OURS = [
    "history_leads_to_its_row",
    "nothing_follows_the_end",
    "every_saga_ends_or_is_held",
    "tries_end_in_a_dead_letter",
    "effects_are_undone_in_reverse",
    "inboxes_agree",
    "no_effect_follows_the_end",
]


@pytest.fixture(autouse=True)
def at_once(settings):
    settings.AUDIT_LAG_SECONDS = -1.0


def found(tea, subject="saga"):
    """What the checks of the engine say of one saga."""
    judged = turns.judge(SUBJECTS[subject], [tea.saga_id], [name for name in SUBJECTS[subject].checks if name in OURS])
    return [(one.invariant, one.problem) for page in judged for one in page.findings]


def ended(price=3):
    tea = order(price=price)
    begun(tea)
    drain(LANES)
    return tea


def parked():
    """A saga whose money cannot be given back, its tries spent."""
    guest = cake.order(price=500)
    FAULTS["give_back"] = [ValueError("no paper")] * 9
    begun(guest)
    drain(LANES)
    expire_lease(guest.saga_id)
    drain(LANES)
    return guest


def left_out():
    """A saga one of whose last steps was left out."""
    guest = served()
    leave_out(guest, "wash")
    drain(LANES)
    return guest


def catalog(sql, **values):
    with connections["catalog"].cursor() as cursor:
        cursor.execute(sql, values)


class TestAHealthySaga:
    def test_yields_nothing_wherever_it_stands(self):
        waiting, living, done, undone, stuck = order(), order(), ended(), ended(price=500), parked()
        begun(waiting, living)
        lanes.run_batch("kitchen")

        assert [found(tea) for tea in (waiting, living, done, undone, stuck)] == [[]] * 5

    def test_is_seen_as_its_row_was_read_whatever_came_since(self):
        tea = order()
        begun(tea)
        stale = row(tea.saga_id)
        drain(LANES)

        seen = audited(tea.saga_id, stale, events_of([tea.saga_id])[tea.saga_id])

        assert [event.kind for event in seen.events] == ["started"]


class TestI4:
    def test_names_a_parked_step_without_a_dead_letter(self):
        guest = parked()

        SagaDeadLetter.objects.filter(saga_id=guest.saga_id).update(state="resolved")

        assert found(guest) == [("I4", "take_money spent its tries, and no dead letter is open")]

    def test_names_a_held_saga_without_a_dead_letter(self):
        tea = order()
        begun(tea)

        damage(tea.saga_id, hold="dead_letter")

        assert found(tea) == [("I4", "it is held as a dead letter, and none is open")]

    def test_names_a_saga_that_was_put_off_for_ever(self):
        tea = order()
        begun(tea)

        run("UPDATE saga_transactions SET due_at = '2999-01-01 00:00+00' WHERE id = %(id)s", id=tea.saga_id)

        assert found(tea) == [("I4", "it is not due before 2999-01-01 00:00, and nobody holds it")]


class TestI6:
    def test_names_a_history_that_went_on_after_its_end(self):
        tea = ended()

        run(
            "INSERT INTO saga_events SELECT saga_id, 7, 'completed', 'wash', direction, 1, actor, data"
            " FROM saga_events WHERE saga_id = %(id)s AND seq = 6",
            id=tea.saga_id,
        )
        damage(tea.saga_id, seq=7)

        assert ("I6", "it ended with event 6, and then came completed") in found(tea)

    def test_names_an_effect_that_came_after_the_end(self):
        tea = ended()

        catalog(
            "UPDATE saga_inbox SET handled_at = now() + interval '1 hour' WHERE saga_id = %(id)s AND step = 'wash'",
            id=tea.saga_id,
        )

        (one,) = found(tea)
        assert one[0] == "I6"
        assert one[1].startswith("wash forward was had 3")


class TestI8:
    def test_names_a_row_that_left_its_history(self):
        tea = ended()

        damage(tea.saga_id, states=["completed"] * 5 + ["pending"])

        assert found(tea) == [
            (
                "I8",
                "its row says states ['completed', 'completed', 'completed', 'completed', 'completed', 'pending'], its "
                "history ['completed', 'completed', 'completed', 'completed', 'completed', 'completed']",
            )
        ]

    def test_names_a_history_without_a_row(self):
        tea = ended()

        delete(tea.saga_id)

        assert found(tea) == [("I8", "it has 6 events and no row")]


class TestI9:
    def test_names_a_completed_step_without_an_entry(self):
        tea = ended()

        catalog("DELETE FROM saga_inbox WHERE saga_id = %(id)s AND step = 'brew'", id=tea.saga_id)

        assert found(tea) == [("I9", "brew is completed, its inbox says nothing")]

    def test_names_a_compensation_without_an_entry_and_without_its_tombstone(self):
        tea = ended(price=500)

        catalog("DELETE FROM saga_inbox WHERE saga_id = %(id)s AND step = 'brew'", id=tea.saga_id)

        assert found(tea) == [
            ("I9", "brew is compensated, its inbox says nothing; brew is compensated, and has no tombstone")
        ]

    def test_names_an_effect_that_nobody_accounts_for(self):
        tea = ended(price=500)

        catalog(
            "UPDATE saga_inbox SET step = 'wash' WHERE saga_id = %(id)s AND step = 'weigh' AND direction = 'forward'",
            id=tea.saga_id,
        )

        assert found(tea) == [
            (
                "I9",
                "weigh is compensated, and has no tombstone; "
                "wash forward in the inbox: replied, and the step is skipped",
            )
        ]

    @pytest.mark.usefixtures("tidying")
    def test_names_a_step_left_out_that_can_still_come(self):
        guest = left_out()
        assert found(guest) == []

        catalog("DELETE FROM saga_inbox WHERE saga_id = %(id)s AND step = 'wash'", id=guest.saga_id)

        assert found(guest) == [("I9", "wash is skipped, and has no tombstone")]

    @pytest.mark.usefixtures("tidying")
    def test_names_a_step_left_out_that_was_done_all_the_same(self):
        guest = left_out()

        catalog(
            "UPDATE saga_inbox SET outcome = 'replied' WHERE saga_id = %(id)s AND step = 'wash'",
            id=guest.saga_id,
        )

        assert found(guest) == [("I9", "wash forward in the inbox: replied, and the step is skipped")]

    def test_names_an_entry_of_no_step(self):
        tea = ended()

        catalog(
            "INSERT INTO saga_inbox SELECT saga_id, 'sweep', direction, epoch, outcome, reply, request_hash"
            " FROM saga_inbox WHERE saga_id = %(id)s AND step = 'wash'",
            id=tea.saga_id,
        )

        assert found(tea) == [("I9", "sweep forward in the inbox: replied, and it has no such step")]


class TestI10:
    def test_names_effects_that_were_undone_in_the_order_they_were_had(self):
        tea = ended(price=500)
        swapped = (
            "UPDATE saga_events SET step = CASE step WHEN 'brew' THEN 'weigh' ELSE 'brew' END"
            " WHERE saga_id = %(id)s AND kind = 'compensated' AND step IN ('brew', 'weigh')"
        )

        tamper(swapped, id=tea.saga_id)

        assert ("I10", "brew was undone after weigh, which came before it") in found(tea)

    def test_lets_what_was_parked_come_last(self):
        guest = parked()
        FAULTS.clear()
        expire_lease(guest.saga_id)
        drain(LANES)

        assert effects(guest.order_id)[-2:] == ["unweigh", "give_back"]
        assert found(guest) == []


class TestI14:
    def test_names_a_step_that_failed_too_often_and_has_no_dead_letter(self):
        guest = parked()

        SagaDeadLetter.objects.filter(saga_id=guest.saga_id).delete()
        damage(guest.saga_id, failures=7)

        assert ("I14", "take_money failed 7 times, and there is no dead letter") in found(guest)

    def test_names_a_step_that_was_claimed_again_and_again(self):
        tea = order()
        begun(tea)

        damage(tea.saga_id, attempt=9)

        assert found(tea) == [("I14", "weigh was claimed 9 times without an answer")]

    def test_reads_it_from_the_history_too(self):
        guest = parked()
        SagaDeadLetter.objects.filter(saga_id=guest.saga_id).delete()

        tamper(
            "UPDATE saga_events SET data = data || '{\"failures\": 16}' WHERE saga_id = %(id)s AND kind = 'failed'",
            id=guest.saga_id,
        )

        assert "I14" in {invariant for invariant, _ in found(guest)}
