"""A lease that ends, a worker that dies, a deadline that passes."""

from uuid import UUID

import pytest
from django.db import connections, transaction

from apps.core import clock
from apps.core.ids import new_id
from apps.sagas import inbox, lanes
from apps.sagas.models import SagaEvent, SagaTransaction
from apps.sagas.orchestrator import claim
from apps.sagas.participant import PARTICIPANTS
from apps.sagas.progress import State
from apps.sagas.settlement import Settlement, settle
from apps.sagas.testing import drain
from apps.sagas.verification import find_broken_histories

from .dying import Killed
from .tea_house import (
    DEADLY,
    LANES,
    begun,
    effects,
    expire_lease,
    order,
    row,
)

pytestmark = [pytest.mark.committed(databases=["orders", "catalog"]), pytest.mark.usefixtures("house")]


def kinds(saga_id: UUID) -> list[tuple[str, str]]:
    return [(event.kind, event.step) for event in SagaEvent.objects.filter(saga_id=saga_id).order_by("seq")]


class TestLease:
    def test_gives_a_saga_to_one_worker_at_a_time(self):
        tea = order()
        begun(tea)

        first = claim("kitchen", limit=10, lease_seconds=30)
        second = claim("kitchen", limit=10, lease_seconds=30)

        assert [one.saga_id for one in first] == [tea.saga_id]
        assert second == []
        expire_lease(tea.saga_id)
        drain(LANES)

    def test_refuses_the_settle_of_a_worker_that_lost_its_lease(self):
        tea = order()
        begun(tea)
        (stale,) = claim("kitchen", limit=10, lease_seconds=30)
        expire_lease(tea.saga_id)
        drain(LANES)
        ended = row(tea.saga_id)

        settle([Settlement(claim=stale, progress=stale.progress).after(lanes.Failed(error="too late"))])

        assert row(tea.saga_id).seq == ended.seq
        assert row(tea.saga_id).status == "completed"

    def test_refuses_the_settle_of_a_worker_whose_saga_another_has_claimed(self):
        tea = order()
        begun(tea)
        (stale,) = claim("kitchen", limit=10, lease_seconds=30)
        expire_lease(tea.saga_id)
        (fresh,) = claim("kitchen", limit=10, lease_seconds=30)

        settle([Settlement(claim=stale, progress=stale.progress).after(lanes.Failed(error="too late"))])

        assert row(tea.saga_id).lease == fresh.lease != stale.lease
        assert (row(tea.saga_id).seq, row(tea.saga_id).failures, row(tea.saga_id).error) == (1, 0, None)

    def test_does_nothing_twice_when_a_worker_dies_between_effect_and_settle(self):
        tea = order()
        begun(tea)
        claims = claim("kitchen", limit=10, lease_seconds=30)
        participant = PARTICIPANTS["kitchen"]
        lanes._run(participant, [Settlement(claim=one, progress=one.progress) for one in claims])

        expire_lease(tea.saga_id)
        drain(LANES)

        assert effects(tea.order_id) == ["weigh", "brew", "intend", "record", "wash"]
        assert row(tea.saga_id).status == "completed"

    def test_runs_nothing_forward_after_the_compensation_came_first(self):
        tea = order(price=500)
        begun(tea)
        late = claim("kitchen", limit=10, lease_seconds=30)
        expire_lease(tea.saga_id)
        drain(LANES)
        done = effects(tea.order_id)

        settlements = lanes._run(
            PARTICIPANTS["kitchen"], [Settlement(claim=one, progress=one.progress) for one in late]
        )

        # The late worker finds every forward effect answered already, and leaves the house as it was.
        assert effects(tea.order_id) == done
        settle(settlements)
        assert row(tea.saga_id).status == "failed"

    def test_counts_a_claim_before_anything_runs_and_gives_up_on_what_kills_its_workers(self):
        tea = order()
        begun(tea)
        for _ in range(lanes.POISON_AFTER_CLAIMS):
            claim("kitchen", limit=10, lease_seconds=30)
            expire_lease(tea.saga_id)

        lanes.run_batch("kitchen")

        saga = row(tea.saga_id)
        assert saga.error == "5 workers died of it"
        assert (saga.failures, saga.states[1]) == (1, str(State.READY))
        drain(LANES)


class TestASagaThatKillsItsWorker:
    def test_fails_alone_and_its_neighbours_complete(self):
        deadly, fine = order(), [order() for _ in range(5)]
        DEADLY.add(deadly.order_id)
        begun(*fine[:3], deadly, *fine[3:])

        deaths = 0
        while row(deadly.saga_id).finished_at is None:
            try:
                drain(LANES)
            except Killed:
                deaths += 1
            for tea in (deadly, *fine):
                expire_lease(tea.saga_id)

        assert {row(tea.saga_id).status for tea in fine} == {"completed"}
        assert row(deadly.saga_id).cause["details"]["error"] == "5 workers died of it"
        assert deaths == 3 * lanes.POISON_AFTER_CLAIMS


class TestDeadline:
    def test_undoes_what_did_not_end_in_time(self):
        tea = order()
        begun(tea)
        lanes.run_batch("kitchen")
        SagaTransaction.objects.filter(id=tea.saga_id).update(deadline_at=clock.now())

        drain(LANES)

        saga = row(tea.saga_id)
        assert (saga.status, saga.cause["code"]) == ("failed", "deadline_passed")
        assert effects(tea.order_id) == ["weigh", "brew", "give_back", "pour_away", "unweigh"]
        assert ("turned_back", "take_money") in kinds(tea.saga_id)
        assert [f for f in find_broken_histories() if f.saga_id == tea.saga_id] == []

    def test_carries_on_what_has_passed_its_pivot(self):
        tea = order()
        begun(tea)
        lanes.run_batch("kitchen")
        lanes.run_batch("till")
        SagaTransaction.objects.filter(id=tea.saga_id).update(deadline_at=clock.now())

        drain(LANES)

        assert row(tea.saga_id).status == "completed"


class TestTheTransactionOfABatch:
    LIMITS = ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout")

    def shown(self) -> list[str]:
        with connections["catalog"].cursor() as cursor:
            return [cursor.execute(f"SHOW {limit}").fetchone()[0] for limit in self.LIMITS]

    def test_keeps_nobody_waiting_for_longer_than_its_lease(self):
        before = self.shown()

        with transaction.atomic(using="catalog"):
            assert inbox.find([new_id()], using="catalog", lease_seconds=6.0) == {}
            assert self.shown() == ["2s", "1s", "6s"]

        assert self.shown() == before


class TestTheCommitOfAClaim:
    def test_does_not_wait_for_the_disk(self):
        tea = order()
        begun(tea)

        with transaction.atomic(using="orders"):
            assert len(claim("kitchen", limit=10, lease_seconds=30)) == 1
            with connections["orders"].cursor() as cursor:
                assert cursor.execute("SHOW synchronous_commit").fetchone() == ("off",)

        expire_lease(tea.saga_id)
        drain(LANES)
