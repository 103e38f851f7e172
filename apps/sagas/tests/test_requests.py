"""People ask things of running sagas; each request is answered once, and decided by one row."""

import pytest

from apps.core import clock
from apps.core.ids import new_id
from apps.sagas import lanes, requests
from apps.sagas.models import SagaDeadLetter, SagaEvent, SagaRequest, SagaTransaction
from apps.sagas.orchestrator import claim
from apps.sagas.participant import PARTICIPANTS
from apps.sagas.requests import Answer
from apps.sagas.selectors import SagaNotFound
from apps.sagas.settlement import Settlement, settle
from apps.sagas.testing import drain
from apps.sagas.verification import find_broken_histories

from .tea_house import BANK, FAULTS, LANES, begun, effects, order, row

pytestmark = [pytest.mark.committed(databases=["orders", "catalog"]), pytest.mark.usefixtures("house")]


def ask(tea, kind, **fields):
    return requests.ask(saga_id=tea.saga_id, kind=kind, actor="ann", reason="The guest left.", **fields)


def broken(tea):
    return [finding for finding in find_broken_histories() if finding.saga_id == tea.saga_id]


class TestCancel:
    def test_undoes_a_saga_that_has_not_passed_its_pivot(self):
        tea = order()
        begun(tea)
        lanes.run_batch("kitchen")

        assert ask(tea, "cancel") == Answer(granted=True, message="It is being undone.")
        drain(LANES)

        saga = row(tea.saga_id)
        assert (saga.status, saga.cause["code"], saga.cause["message"]) == ("failed", "cancelled", "The guest left.")
        assert effects(tea.order_id) == ["weigh", "brew", "give_back", "pour_away", "unweigh"]
        assert SagaEvent.objects.get(saga_id=tea.saga_id, kind="turned_back").actor == "ann"
        assert broken(tea) == []

    def test_is_refused_after_the_pivot(self):
        tea = order()
        begun(tea)
        lanes.run_batch("kitchen")
        lanes.run_batch("till")

        assert not ask(tea, "cancel").granted
        drain(LANES)
        assert row(tea.saga_id).status == "completed"

    def test_takes_no_lease_when_it_is_refused(self):
        tea = order()
        begun(tea)
        lanes.run_batch("kitchen")
        lanes.run_batch("till")
        (held,) = claim("kitchen", limit=10, lease_seconds=30)

        assert not ask(tea, "cancel").granted

        assert row(tea.saga_id).lease == held.lease
        settle(lanes._run(PARTICIPANTS["kitchen"], [Settlement(claim=held, progress=held.progress)]))
        assert row(tea.saga_id).status == "completed"

    def test_undoes_a_paused_saga_too(self):
        tea = order()
        begun(tea)
        ask(tea, "pause")

        assert ask(tea, "cancel").granted
        drain(LANES)

        assert row(tea.saga_id).status == "failed"

    def test_wins_over_a_worker_that_is_at_it_and_what_that_did_is_undone(self):
        tea = order()
        begun(tea)
        lanes.run_batch("kitchen")
        held = claim("till", limit=10, lease_seconds=30)

        assert ask(tea, "cancel").granted
        done = lanes._run(PARTICIPANTS["till"], [Settlement(claim=one, progress=one.progress) for one in held])
        settle(done)
        drain(LANES)

        assert row(tea.saga_id).status == "failed"
        assert list(BANK.values()) == ["given back"]
        assert broken(tea) == []


class TestPause:
    def test_keeps_everybody_off_until_it_is_resumed(self):
        tea = order()
        begun(tea)

        assert ask(tea, "pause").granted
        drain(LANES)
        assert effects(tea.order_id) == []

        assert ask(tea, "resume").granted
        drain(LANES)
        assert row(tea.saga_id).status == "completed"
        assert broken(tea) == []

    def test_is_not_resumed_twice(self):
        tea = order()
        begun(tea)

        assert ask(tea, "resume") == Answer(granted=False, message="It is not paused.")
        drain(LANES)


class TestRetry:
    def test_has_a_parked_step_tried_at_once(self):
        tea = order(price=500)
        FAULTS["give_back"] = [ValueError("the till is stuck")] * 6
        begun(tea)
        drain(LANES)
        while not SagaDeadLetter.objects.filter(saga_id=tea.saga_id, state="open").exists():
            SagaTransaction.objects.filter(id=tea.saga_id).update(due_at=clock.now())
            drain(LANES)

        FAULTS["give_back"].clear()
        assert ask(tea, "retry").granted
        drain(LANES)

        assert row(tea.saga_id).status == "failed"
        assert SagaDeadLetter.objects.get(saga_id=tea.saga_id).state == "resolved"
        assert broken(tea) == []


class TestAsk:
    def test_answers_the_same_key_once(self):
        tea, key = order(), str(new_id())
        begun(tea)

        first = ask(tea, "pause", idempotency_key=key)
        again = ask(tea, "pause", idempotency_key=key)

        assert first == again
        assert SagaRequest.objects.filter(saga_id=tea.saga_id).count() == 1
        ask(tea, "resume")
        drain(LANES)

    def test_refuses_what_comes_after_the_end(self):
        tea = order()
        begun(tea)
        drain(LANES)

        assert ask(tea, "pause") == Answer(granted=False, message="The saga has ended as completed.")

    def test_refuses_a_saga_whose_data_nobody_can_read(self):
        tea = order()
        begun(tea)
        SagaTransaction.objects.filter(id=tea.saga_id).update(data={"leaves": "oolong"}, hold="dead_letter")

        answer = ask(tea, "retry")

        assert not answer.granted
        assert "missing required field `order_id`" in answer.message
        assert row(tea.saga_id).hold == "dead_letter"

    def test_names_a_saga_that_does_not_exist(self):
        with pytest.raises(SagaNotFound):
            ask(order(), "cancel")

    def test_is_answered_later_when_the_asker_died(self):
        tea = order()
        begun(tea)
        SagaRequest.objects.create(
            saga_id=tea.saga_id, kind="cancel", actor="ann", reason="The guest left.", idempotency_key=str(new_id())
        )

        assert requests.answer_open_requests() == 1
        drain(LANES)

        assert row(tea.saga_id).status == "failed"
