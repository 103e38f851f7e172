"""Skip, force_compensate and retry on running sagas: what is granted, what is refused, and what is left behind."""

import pytest

from apps.core.ids import new_id
from apps.sagas import lanes, requests
from apps.sagas.models import SagaDeadLetter, SagaTransaction
from apps.sagas.orchestrator import claim
from apps.sagas.participant import PARTICIPANTS
from apps.sagas.requests import Answer
from apps.sagas.settlement import Settlement, settle
from apps.sagas.testing import drain

from . import cake
from .guests import ask, states, stuck, stuck_till, told, whole
from .tea_house import BANK, FAULTS, LANES, begun, effects, expire_lease, row

pytestmark = [pytest.mark.committed(databases=["orders", "catalog"]), pytest.mark.usefixtures("house")]


LEFT_OUT = "thank is left out, unless it is done already; its participant notes it."


class TestSkip:
    @pytest.mark.parametrize("tries", [1, 2, 3])
    def test_leaves_out_the_last_step_and_closes_its_dead_letter(self, tries):
        guest = stuck("thank", tries=tries)

        answer = ask(guest, "skip", reason="The guest has no ears.")

        assert answer == Answer(granted=True, message=LEFT_OUT)
        assert (row(guest.saga_id).status, states(guest)["thank"]) == ("active", "skipping")
        drain(LANES)
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
        drain(LANES)
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

    def test_is_refused_once_it_is_granted(self):
        guest = stuck("thank", tries=3)
        ask(guest, "skip")

        told = "thank is left out already; retry, so that its participant notes it."
        assert ask(guest, "skip") == Answer(granted=False, message=told)
        assert not ask(guest, "waive").granted

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


class TestRetry:
    def test_of_a_saga_that_nobody_could_read_leaves_the_dead_letters_of_parked_steps(self):
        guest = stuck_till()
        letters = SagaDeadLetter.objects.filter(saga_id=guest.saga_id)
        SagaDeadLetter.objects.create(
            saga_id=guest.saga_id, step="weigh", direction="backward", error="its data does not fit", attempts=1
        )
        SagaTransaction.objects.filter(id=guest.saga_id).update(hold="dead_letter")

        assert ask(guest, "retry").granted

        assert dict(letters.values_list("step", "state")) == {"take_money": "open", "weigh": "resolved"}
        assert row(guest.saga_id).hold is None


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
