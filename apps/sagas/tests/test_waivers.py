"""A step given up by two people: who may, what becomes of it, and what a death in between leaves behind."""

import pytest
from django.db import IntegrityError, transaction

from apps.core.ids import new_id
from apps.core.integrity import broken_constraint
from apps.sagas import lanes, requests
from apps.sagas.models import SagaDeadLetter
from apps.sagas.orchestrator import claim
from apps.sagas.participant import PARTICIPANTS
from apps.sagas.requests import Answer
from apps.sagas.settlement import Settlement, settle
from apps.sagas.testing import drain

from . import cake
from .dying import Killed
from .guests import again, ask, letter, states, stuck, stuck_till, told, whole
from .tea_house import FAULTS, LANES, begun, effects, expire_lease, row

pytestmark = [pytest.mark.committed(databases=["orders", "catalog"]), pytest.mark.usefixtures("house")]


class TestWaive:
    def test_is_proposed_by_one_and_approved_by_another(self):
        guest = stuck_till()

        proposed = ask(guest, "waive", reason="Paid in cash.")
        waiting = letter(guest)
        approved = ask(guest, "waive", actor="omar@example.com", reason="I saw it.")
        decided = row(guest.saga_id)
        drain(LANES)

        assert proposed == Answer(
            granted=True, message="Giving up take_money is proposed; another person must approve it."
        )
        assert (waiting.state, waiting.proposed_by, waiting.approved_by) == ("open", "ines@example.com", None)
        assert approved == Answer(granted=True, message="take_money is given up, and its participant notes it.")
        assert (decided.status, decided.effects_open, decided.states[2]) == ("compensating", 2, "waiving")
        saga, closed = row(guest.saga_id), letter(guest)
        assert (saga.status, saga.effects_open, saga.states[2]) == ("failed", 0, "waived")
        assert (closed.state, closed.resolved_by, closed.approved_by, closed.reason) == (
            "waived",
            "ines@example.com",
            "omar@example.com",
            "Paid in cash.",
        )
        assert told(guest, "waived").actor == "omar@example.com"
        assert effects(guest.order_id).count("write_off") == 1
        assert whole(guest)

    @pytest.mark.parametrize("actor", ["ines@example.com", " Ines@Example.com "])
    def test_is_not_approved_by_who_proposed_it(self, actor):
        guest = stuck_till()
        ask(guest, "waive")

        answer = ask(guest, "waive", actor=actor, reason="I am sure.")

        assert answer == Answer(granted=False, message="You proposed it yourself; another person must approve.")
        assert (letter(guest).state, states(guest)["take_money"]) == ("open", "comp_parked")

    @pytest.mark.parametrize("handler", ["wash", "unweigh"])
    def test_of_a_step_that_nobody_notes_closes_it_at_once(self, handler):
        guest = stuck(handler, price=3 if handler == "wash" else 500)
        step = letter(guest).step
        ask(guest, "waive")

        answer = ask(guest, "waive", actor="omar@example.com")
        drain(LANES)

        assert answer == Answer(granted=True, message=f"{step} is given up.")
        assert states(guest)[step] == "waived"
        assert row(guest.saga_id).status == ("completed" if handler == "wash" else "failed")
        assert (letter(guest).state, whole(guest)) == ("waived", True)

    def test_is_forgotten_with_its_dead_letter(self):
        guest = stuck_till()
        ask(guest, "waive")
        FAULTS.clear()
        again(guest)

        late = ask(guest, "waive", actor="omar@example.com")

        assert late == Answer(granted=False, message="The saga has ended as failed.")
        assert (letter(guest).state, letter(guest).approved_by) == ("resolved", None)
        assert effects(guest.order_id).count("write_off") == 0

    def test_needs_a_reason(self):
        guest = stuck_till()

        with pytest.raises(requests.ReasonMissing):
            ask(guest, "waive", reason=" ")
        assert letter(guest).proposed_by is None

    def test_is_of_parked_steps_only(self):
        guest = cake.order()
        begun(guest)

        assert ask(guest, "waive").message == "No step of it has spent its tries."
        assert ask(guest, "waive", step="weigh").message == (
            "weigh is not parked: only a step whose tries are spent is given up."
        )
        drain(LANES)

    def test_asks_which_of_several(self):
        guest = cake.order(price=500)
        FAULTS["give_back"] = [ValueError("give_back fails")] * 50
        FAULTS["unweigh"] = [ValueError("unweigh fails")] * 50
        begun(guest)
        drain(LANES)
        again(guest, 3)

        assert ask(guest, "waive").message == "Name the step: weigh, take_money are parked."
        for step in ("weigh", "take_money"):
            ask(guest, "waive", step=step)
            assert ask(guest, "waive", step=step, actor="omar@example.com").granted
        drain(LANES)

        assert (row(guest.saga_id).status, whole(guest)) == ("failed", True)
        assert SagaDeadLetter.objects.filter(saga_id=guest.saga_id, state="waived").count() == 2

    def test_leaves_a_paused_saga_paused(self):
        guest = stuck_till()
        ask(guest, "pause")
        ask(guest, "waive")
        assert ask(guest, "waive", actor="omar@example.com").granted
        drain(LANES)
        paused = (row(guest.saga_id).hold, states(guest)["take_money"])

        ask(guest, "resume")
        drain(LANES)

        assert paused == ("paused", "waiving")
        assert (row(guest.saga_id).status, whole(guest)) == ("failed", True)

    def test_waits_for_the_lease_of_who_may_be_giving_the_money_back(self):
        guest = stuck_till()
        ask(guest, "waive")
        expire_lease(guest.saga_id)
        claim("till", limit=10, lease_seconds=30)

        assert ask(guest, "waive", actor="omar@example.com").granted

        saga = row(guest.saga_id)
        assert 25 < (saga.due_at - saga.updated_at).total_seconds() <= 30
        drain(LANES)
        assert effects(guest.order_id).count("write_off") == 0
        again(guest)
        assert (row(guest.saga_id).status, effects(guest.order_id).count("write_off")) == ("failed", 1)

    def test_leaves_a_tombstone_for_the_compensation_that_comes_late(self):
        guest = stuck_till()
        ask(guest, "waive")
        expire_lease(guest.saga_id)
        late = claim("till", limit=10, lease_seconds=30)
        ask(guest, "waive", actor="omar@example.com")
        again(guest)
        FAULTS.clear()

        waiting = [Settlement(claim=one, progress=one.progress) for one in late]
        settle(lanes._run(PARTICIPANTS["till"], waiting))

        assert "give_back" not in effects(guest.order_id)
        assert (row(guest.saga_id).status, whole(guest)) == ("failed", True)

    def test_that_cannot_be_noted_opens_a_dead_letter_of_its_own(self):
        guest = stuck_till()
        FAULTS["write_off"] = [ValueError("no ink")]
        ask(guest, "waive")
        ask(guest, "waive", actor="omar@example.com")
        drain(LANES)
        opened = SagaDeadLetter.objects.get(saga_id=guest.saga_id, state="open")
        refused = ask(guest, "waive", actor="omar@example.com")

        again(guest)

        assert (opened.error, refused.granted) == ("ValueError: no ink", False)
        letters = SagaDeadLetter.objects.filter(saga_id=guest.saga_id).order_by("first_at")
        assert list(letters.values_list("state", "resolved_by")) == [
            ("waived", "ines@example.com"),
            ("resolved", "engine"),
        ]
        assert (row(guest.saga_id).status, whole(guest)) == ("failed", True)


POINTS = [
    "after_claim",
    "before_participant_commit",
    "after_participant_commit",
    "before_settle_commit",
    "after_settle",
]


class TestADeath:
    @pytest.mark.parametrize("point", POINTS)
    def test_between_the_decision_and_its_note_loses_and_doubles_neither(self, dies_at, point):
        guest = stuck_till()
        ask(guest, "waive")
        ask(guest, "waive", actor="omar@example.com")
        dies_at(point, at_pass=1)
        died = 0
        for _ in range(10):
            try:
                drain(LANES)
            except Killed:
                died += 1
            if not row(guest.saga_id).finished_at:
                expire_lease(guest.saga_id)

        assert died == 1
        assert (row(guest.saga_id).status, effects(guest.order_id).count("write_off")) == ("failed", 1)
        assert (letter(guest).state, whole(guest)) == ("waived", True)


class TestWaiverIsByTwoPeople:
    @pytest.mark.parametrize(
        "who",
        [
            {"resolved_by": "ines@example.com", "reason": "Lost."},
            {"approved_by": "omar@example.com", "reason": "Lost."},
            {"resolved_by": "ines@example.com", "approved_by": "ines@example.com", "reason": "Lost."},
            {"resolved_by": "ines@example.com", "approved_by": "INES@example.com", "reason": "Lost."},
            {"resolved_by": "ines@example.com", "approved_by": "omar@example.com", "reason": ""},
            {"resolved_by": "ines@example.com", "approved_by": "omar@example.com"},
        ],
    )
    def test_in_every_dead_letter(self, who):
        row = {"saga_id": new_id(), "step": "take_money", "direction": "backward", "error": "", "attempts": 5}

        with pytest.raises(IntegrityError) as caught, transaction.atomic(using="orders"):
            SagaDeadLetter.objects.create(state="waived", **row, **who)

        assert broken_constraint(caught.value) == "waiver_is_by_two_people"
        assert not SagaDeadLetter.objects.filter(saga_id=row["saga_id"]).exists()
