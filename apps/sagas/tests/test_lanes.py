"""The engine on real databases: batches, replies stored with their effects, leases, compensation."""

from dataclasses import replace
from uuid import UUID

import pytest
from django.db import IntegrityError, OperationalError, connections, transaction
from django.db.transaction import TransactionManagementError

from apps.core.ids import new_id
from apps.core.pools import close_connections
from apps.sagas import lanes, requests
from apps.sagas.models import SagaDeadLetter, SagaEvent, SagaTransaction
from apps.sagas.orchestrator import begin, claim
from apps.sagas.testing import broken_histories, drain

from .tea_house import (
    BANK,
    BANK_SILENCE,
    CALLS,
    FAULTS,
    LANES,
    POISON,
    begun,
    effects,
    expire_lease,
    order,
    row,
)

pytestmark = [pytest.mark.committed(databases=["orders", "catalog"]), pytest.mark.usefixtures("house")]


def kinds(saga_id: UUID) -> list[tuple[str, str]]:
    return [(event.kind, event.step) for event in SagaEvent.objects.filter(saga_id=saga_id).order_by("seq")]


class TestBegin:
    def test_starts_a_saga_in_the_callers_commit(self):
        tea = order()

        with transaction.atomic(using="orders"):
            begin([tea], actor="test")
            transaction.set_rollback(True, using="orders")

        assert not SagaTransaction.objects.filter(id=tea.saga_id).exists()
        assert not SagaEvent.objects.filter(saga_id=tea.saga_id).exists()

    def test_counts_the_deadline_by_the_databases_clock(self):
        hasty, patient = replace(order(), deadline_seconds=90.0), order()
        begun(hasty, patient)

        saga = row(hasty.saga_id)
        assert abs((saga.deadline_at - saga.due_at).total_seconds() - 90) < 0.1
        assert row(patient.saga_id).deadline_at is None
        drain(LANES)

    def test_starts_a_subject_once(self):
        tea = order()
        begun(tea)
        again = replace(tea, saga_id=new_id())

        with pytest.raises(IntegrityError, match="saga_starts_once"), transaction.atomic(using="orders"):
            begin([again], actor="test")

        drain(LANES)


class TestRunLane:
    def test_walks_a_saga_to_its_end(self):
        tea = order()
        begun(tea)

        drain(LANES)

        saga = row(tea.saga_id)
        assert saga.status == "completed"
        assert saga.finished_at is not None
        assert effects(tea.order_id) == ["weigh", "brew", "intend", "record", "wash"]
        assert effects(tea.order_id, "orders") == ["serve"]
        assert kinds(tea.saga_id) == [
            ("started", "weigh"),
            ("completed", "weigh"),
            ("completed", "brew"),
            ("completed", "take_money"),
            ("completed", "serve"),
            ("completed", "wash"),
        ]
        assert broken_histories(tea.saga_id) == []

    def test_runs_a_whole_batch_with_one_call_of_each_handler(self):
        teas = [order() for _ in range(40)]
        begun(*teas)

        drain(LANES)

        assert CALLS["weigh"] == CALLS["brew"] == CALLS["intend"] == CALLS["record"] == CALLS["serve"] == 1
        assert CALLS["brew commands"] == 40

    def test_undoes_everything_when_a_step_is_refused(self):
        tea = order(price=500)
        begun(tea)

        drain(LANES)

        saga = row(tea.saga_id)
        assert saga.status == "failed"
        assert saga.effects_open == 0
        assert saga.cause["code"] == "no_money"
        assert effects(tea.order_id) == ["weigh", "brew", "intend", "record", "give_back", "pour_away", "unweigh"]
        assert effects(tea.order_id, "orders") == ["apologise"]
        assert broken_histories(tea.saga_id) == []

    def test_refuses_one_saga_of_a_batch_and_serves_the_others(self):
        dry, wet = order(leaves="none"), order()
        begun(dry, wet)

        drain(LANES)

        assert row(dry.saga_id).status == "failed"
        assert row(wet.saga_id).status == "completed"
        assert "brew" not in effects(dry.order_id)

    def test_rolls_a_failing_batch_back_and_finds_the_culprit(self):
        good, bad = [order() for _ in range(6)], order()
        POISON.add(bad.order_id)
        begun(*good, bad)

        drain(LANES)

        assert {row(tea.saga_id).status for tea in good} == {"completed"}
        saga = row(bad.saga_id)
        assert saga.status == "failed"
        assert saga.cause["code"] == "technical_failure"
        assert "ValueError: the kettle fell" in saga.cause["details"]["error"]
        assert [effects(tea.order_id).count("brew") for tea in good] == [1] * 6
        assert effects(bad.order_id).count("brew") == 0

    def test_asks_the_bank_again_with_the_same_key_after_silence(self):
        tea = order()
        BANK_SILENCE.add(tea.order_id)
        begun(tea)

        drain(LANES)

        assert row(tea.saga_id).status == "completed"
        assert CALLS["asked the bank"] == 2
        assert list(BANK.values()) == ["paid"]
        assert ("unknown", "take_money") in kinds(tea.saga_id)

    def test_opens_a_dead_letter_for_what_cannot_be_done_after_the_pivot_and_goes_on_trying(self):
        tea = order()
        FAULTS["wash"] = [ValueError("no water")] * 4
        begun(tea)

        drain(["kitchen", "till"], turns=1000)

        assert row(tea.saga_id).status == "completed"
        letter = SagaDeadLetter.objects.get(saga_id=tea.saga_id)
        assert (letter.step, letter.state, letter.attempts) == ("wash", "resolved", 4)

    def test_is_not_stopped_by_an_error_that_no_database_can_store(self):
        odd, fine = order(), order()
        FAULTS["brew"] = [ValueError("a\0b")] * 2
        begun(odd, fine)

        drain(LANES)

        assert {row(odd.saga_id).status, row(fine.saga_id).status} == {"completed"}

    def test_counts_a_transaction_misused_as_its_own_fault_and_not_as_a_database_away(self):
        tea = order()
        FAULTS["weigh"] = [TransactionManagementError("misused")]
        begun(tea)

        lanes.run_batch("kitchen")

        assert row(tea.saga_id).failures == 1
        drain(LANES)
        assert row(tea.saga_id).status == "completed"

    @pytest.mark.parametrize("spoilt", [{"states": ["a", "word"]}, {"step": 40}])
    def test_sets_a_saga_aside_that_stands_nowhere(self, spoilt):
        bad, good = order(), order()
        begun(bad, good)
        SagaTransaction.objects.filter(id=bad.saga_id).update(**spoilt)

        drain(LANES)

        assert row(bad.saga_id).hold == "dead_letter"
        assert row(good.saga_id).status == "completed"

    def test_does_not_take_an_undone_effect_for_a_done_one_when_a_row_is_set_back(self):
        tea = order(price=500)
        begun(tea)
        drain(LANES)
        SagaTransaction.objects.filter(id=tea.saga_id).update(
            status="active",
            direction="forward",
            step=2,
            lane="kitchen",
            finished_at=None,
            cause=None,
            failures=0,
            states=["completed", "completed", "ready", "pending", "pending", "pending"],
        )
        expire_lease(tea.saga_id)

        drain(LANES)

        assert row(tea.saga_id).status == "failed"
        assert effects(tea.order_id, "orders").count("serve") == 0

    def test_sets_a_saga_aside_whose_data_nobody_can_read(self):
        bad, good = order(), order()
        begun(bad, good)
        SagaTransaction.objects.filter(id=bad.saga_id).update(data={"leaves": "oolong"})

        drain(LANES)

        assert row(good.saga_id).status == "completed"
        assert row(bad.saga_id).hold == "dead_letter"
        assert "missing required field `order_id`" in row(bad.saga_id).error
        letter = SagaDeadLetter.objects.get(saga_id=bad.saga_id)
        assert (letter.step, letter.state) == ("weigh", "open")

    def test_takes_a_saga_up_again_whose_data_was_mended(self):
        bad = order()
        begun(bad)
        data = row(bad.saga_id).data
        SagaTransaction.objects.filter(id=bad.saga_id).update(data={})
        drain(LANES)
        SagaTransaction.objects.filter(id=bad.saga_id).update(data=data)

        assert requests.ask(saga_id=bad.saga_id, kind="retry", actor="ann", reason="mended").granted
        drain(LANES)

        assert row(bad.saga_id).status == "completed"
        assert SagaDeadLetter.objects.get(saga_id=bad.saga_id).state == "resolved"

    def test_postpones_and_spends_no_try_when_the_database_is_out_of_reach(self):
        tea = order()
        FAULTS["weigh"] = [OperationalError("server closed the connection unexpectedly")]
        begun(tea)

        lanes.run_batch("kitchen")

        saga = row(tea.saga_id)
        assert (saga.failures, saga.attempt, saga.lease) == (0, 0, None)
        assert "server closed the connection" in saga.error
        assert saga.due_at > saga.updated_at
        expire_lease(tea.saga_id)
        drain(LANES)
        assert row(tea.saga_id).status == "completed"

    def test_postpones_and_spends_no_try_when_the_database_may_not_be_written_to(self):
        tea = order()
        begun(tea)
        with connections["catalog"].cursor() as cursor:
            cursor.execute("SET default_transaction_read_only = on")
            lanes.run_batch("kitchen")
        close_connections()

        saga = row(tea.saga_id)
        assert (saga.failures, saga.attempt) == (0, 0)
        assert "read-only" in saga.error
        expire_lease(tea.saga_id)
        drain(LANES)

    def test_keeps_count_of_the_dead_while_nobody_is_there_to_ask(self):
        tea = order()
        FAULTS["weigh"] = [OperationalError("server closed the connection unexpectedly")]
        begun(tea)
        for _ in range(2):
            claim("kitchen", limit=1, lease_seconds=30)
            expire_lease(tea.saga_id)

        lanes.run_batch("kitchen")

        assert (row(tea.saga_id).failures, row(tea.saga_id).attempt) == (0, 2)
        expire_lease(tea.saga_id)
        drain(LANES)
        assert row(tea.saga_id).attempt == 0


class TestInbox:
    def test_keeps_a_refusal_which_needs_no_tombstone(self):
        tea = order(leaves="none")
        begun(tea)
        drain(LANES)

        with connections["catalog"].cursor() as cursor:
            cursor.execute("SELECT step, direction, outcome FROM saga_inbox WHERE saga_id = %s", [tea.saga_id])
            entries = set(cursor.fetchall())

        assert entries == {("weigh", "forward", "refused"), ("weigh", "backward", "replied")}
