"""Skip, force_compensate and waive on running sagas: what is granted, what is refused, and what is left behind."""

import pytest
from django.db import IntegrityError, transaction

from apps.core.ids import new_id
from apps.core.integrity import broken_constraint
from apps.sagas import lanes, requests
from apps.sagas.models import SagaDeadLetter, SagaEvent, SagaTransaction
from apps.sagas.orchestrator import claim
from apps.sagas.participant import PARTICIPANTS
from apps.sagas.requests import Answer
from apps.sagas.settlement import Settlement, settle
from apps.sagas.testing import drain
from apps.sagas.verification import find_broken_histories

from . import cake
from .tea_house import BANK, FAULTS, LANES, Killed, begun, effects, expire_lease, row

pytestmark = [pytest.mark.committed(databases=["orders", "catalog"]), pytest.mark.usefixtures("house")]


def ask(guest, kind, *, actor="ines@example.com", reason="The till is lost.", **fields):
    return requests.ask(saga_id=guest.saga_id, kind=kind, actor=actor, reason=reason, **fields)


def again(guest, times=1):
    """Let the saga come due again so often, and work on it."""
    for _ in range(times):
        expire_lease(guest.saga_id)
        drain(LANES)


def letter(guest):
    return SagaDeadLetter.objects.get(saga_id=guest.saga_id)


def states(guest):
    return dict(zip((step.name for step in cake.SERVE_CAKE.steps), row(guest.saga_id).states, strict=True))


def whole(guest):
    return [one for one in find_broken_histories() if one.saga_id == guest.saga_id] == []


def told(guest, kind):
    return SagaEvent.objects.get(saga_id=guest.saga_id, kind=kind)


def stuck(handler, *, price=3, tries=2):
    """Return a guest at whose order a handler fails for ever, so often already."""
    guest = cake.order(price=price)
    FAULTS[handler] = [ValueError(f"{handler} fails")] * 50
    begun(guest)
    drain(LANES)
    again(guest, tries - 1)
    return guest


def stuck_till():
    """Return a guest who was not served, and whose money the till cannot give back."""
    guest = stuck("give_back", price=500)
    assert states(guest)["take_money"] == "comp_parked"
    return guest


class TestSkip:
    @pytest.mark.parametrize("tries", [1, 2, 3])
    def test_leaves_out_the_last_step_and_closes_its_dead_letter(self, tries):
        guest = stuck("thank", tries=tries)

        answer = ask(guest, "skip", reason="The guest has no ears.")

        assert answer == Answer(granted=True, message="thank is left out.")
        assert (row(guest.saga_id).status, states(guest)["thank"]) == ("completed", "skipped")
        event = told(guest, "skipped")
        assert (event.step, event.actor, event.data) == (
            "thank",
            "ines@example.com",
            {"reason": "The guest has no ears."},
        )
        letters = SagaDeadLetter.objects.filter(saga_id=guest.saga_id)
        closed = [("resolved", "ines@example.com", "The guest has no ears.")]
        assert list(letters.values_list("state", "resolved_by", "reason")) == (closed if tries > 1 else [])
        assert effects(guest.order_id, "orders") == ["serve"]
        assert whole(guest)

    def test_takes_it_from_a_worker_who_is_at_it(self):
        guest = stuck("thank", tries=1)
        expire_lease(guest.saga_id)
        (held,) = claim("house", limit=10, lease_seconds=30)

        assert ask(guest, "skip").granted
        FAULTS.clear()
        settle([Settlement(claim=held, progress=held.progress)])

        # The local step would have run in the settle; it did not, for the lease was lost.
        assert effects(guest.order_id, "orders") == ["serve"]
        assert (row(guest.saga_id).status, whole(guest)) == ("completed", True)

    @pytest.mark.parametrize(
        ("handler", "told"),
        [
            (
                "wash",
                "wash is critical: what was promised does not stand without it. Mend the cause and retry; "
                "once its tries are spent, two people may waive it.",
            ),
            ("record", "It has not passed its pivot: undo it by cancel, or force_compensate."),
        ],
    )
    def test_is_refused_elsewhere_with_what_to_do(self, handler, told):
        guest = stuck(handler, tries=1)
        before = row(guest.saga_id)

        assert ask(guest, "skip") == Answer(granted=False, message=told)
        assert row(guest.saga_id).seq == before.seq

    def test_is_refused_while_it_is_undone(self):
        answer = ask(stuck_till(), "skip")

        assert (answer.granted, answer.message.split(";")[0]) == (False, "It is being undone")

    def test_names_the_step_it_means(self):
        guest = stuck("thank", tries=1)

        assert ask(guest, "skip", step="wash") == Answer(granted=False, message="It stands at thank, not at wash.")
        assert ask(guest, "skip", step="thank").granted


class TestForceCompensate:
    def test_turns_a_held_saga_back_with_a_cause_of_its_own(self):
        guest = cake.order()
        begun(guest)
        lanes.run_batch("kitchen")
        ask(guest, "pause")

        answer = ask(guest, "force_compensate", reason="The house burns.")
        drain(LANES)

        saga = row(guest.saga_id)
        assert answer == Answer(granted=True, message="It is being undone.")
        assert (saga.status, saga.hold, saga.cause["code"]) == ("failed", None, "force_compensated")
        # The reason is the house's; the buyer reads the saga's apology.
        assert (saga.cause["message"], saga.cause["details"]) == (
            cake.SERVE_CAKE.apology,
            {"reason": "The house burns."},
        )
        assert effects(guest.order_id, "orders") == ["apologise"]
        assert whole(guest)

    def test_wins_over_a_worker_that_is_at_it_and_what_that_did_is_undone(self):
        guest = cake.order()
        begun(guest)
        lanes.run_batch("kitchen")
        held = claim("till", limit=10, lease_seconds=30)

        assert ask(guest, "force_compensate").granted
        waiting = [Settlement(claim=one, progress=one.progress) for one in held]
        settle(lanes._run(PARTICIPANTS["till"], waiting))
        drain(LANES)

        assert (row(guest.saga_id).status, list(BANK.values())) == ("failed", ["given back"])
        assert whole(guest)

    def test_is_refused_after_the_pivot_and_names_the_saga_that_takes_it_back(self):
        guest = stuck("wash", tries=1)

        assert ask(guest, "force_compensate") == Answer(
            granted=False,
            message="It is past its pivot; it can only be carried on. "
            "What it did is taken back by another saga: start take_cake_back.",
        )

    def test_is_refused_after_the_end_the_same_way(self):
        guest = cake.order()
        begun(guest)
        drain(LANES)

        assert ask(guest, "force_compensate").message == (
            "The saga has ended as completed. What it did is taken back by another saga: start take_cake_back."
        )

    def test_is_refused_where_it_is_undone_already(self):
        assert ask(stuck_till(), "force_compensate") == Answer(granted=False, message="It is being undone already.")


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
    @pytest.mark.parametrize("hit", [1, 2])
    @pytest.mark.parametrize("point", POINTS)
    def test_between_the_decision_and_its_note_loses_and_doubles_neither(self, monkeypatch, point, hit):
        guest = stuck_till()
        ask(guest, "waive")
        ask(guest, "waive", actor="omar@example.com")
        passes = []

        def reach(name):
            if name == point:
                passes.append(name)
                if len(passes) == hit:
                    raise Killed

        for module in ("lanes", "delivery", "settlement"):
            monkeypatch.setattr(f"apps.sagas.{module}.failpoint", reach)
        died = 0
        for _ in range(10):
            try:
                drain(LANES)
            except Killed:
                died += 1
            if not row(guest.saga_id).finished_at:
                expire_lease(guest.saga_id)

        assert died == (1 if len(passes) >= hit else 0)
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


class TestASagaOfAnotherVersion:
    def test_keeps_its_requests_for_whoever_knows_it(self):
        guest, key = cake.order(), str(new_id())
        begun(guest)
        SagaTransaction.objects.filter(id=guest.saga_id).update(version=99)

        answer = ask(guest, "cancel", idempotency_key=key)
        nobody = requests.answer_open_requests()
        SagaTransaction.objects.filter(id=guest.saga_id).update(version=1)

        assert (answer.granted, answer.waits, nobody) == (False, True, 0)
        assert answer.message.startswith("It waits: no saga serve_cake version 99 is registered here")
        assert requests.answer_open_requests() == 1
        assert ask(guest, "cancel", idempotency_key=key) == Answer(granted=True, message="It is being undone.")
        drain(LANES)

    def test_does_not_stand_before_the_requests_of_others(self, monkeypatch):
        monkeypatch.setattr(requests, "ANSWERED_A_TURN", 1)
        strange, known = cake.order(), cake.order()
        begun(strange, known)
        SagaTransaction.objects.filter(id=strange.saga_id).update(version=99)
        ask(strange, "cancel")
        requests.SagaRequest.objects.create(
            saga_id=known.saga_id, kind="cancel", actor="ines", reason="Late.", idempotency_key=str(new_id())
        )

        assert requests.answer_open_requests() == 1

        drain(LANES)
        assert row(known.saga_id).status == "failed"
        SagaTransaction.objects.filter(id=strange.saga_id).update(version=1)
        requests.answer_open_requests()
        drain(LANES)


class TestAKey:
    def test_stands_for_one_request(self):
        guest, key = cake.order(), str(new_id())
        begun(guest)
        ask(guest, "pause", idempotency_key=key)

        with pytest.raises(requests.KeyStandsForAnotherRequest):
            ask(guest, "cancel", idempotency_key=key)

        assert row(guest.saga_id).status == "active"
