"""What holds when two workers meet at one saga, or one dies between two commits."""

import threading
from uuid import UUID

import pytest
from django.db import connections, transaction

from apps.core import clock
from apps.sagas import inbox, lanes
from apps.sagas.models import SagaTransaction
from apps.sagas.orchestrator import Claim, claim
from apps.sagas.participant import PARTICIPANTS
from apps.sagas.settlement import Settlement, settle
from apps.sagas.testing import drain

from .dying import WORK_POINTS, Killed
from .tea_house import LANES, begun, effects, expire_lease, order, row

pytestmark = [pytest.mark.committed(databases=["orders", "catalog"]), pytest.mark.usefixtures("house")]


def run(claims: list[Claim], lane: str) -> list[Settlement]:
    return lanes._run(PARTICIPANTS[lane], [Settlement(claim=one, progress=one.progress) for one in claims])


def pass_deadline(saga_id: UUID) -> None:
    SagaTransaction.objects.filter(id=saga_id).update(deadline_at=clock.now())
    expire_lease(saga_id)


def entries(saga_id: UUID) -> set[tuple[str, str, str]]:
    with connections["catalog"].cursor() as cursor:
        cursor.execute("SELECT step, direction, outcome FROM saga_inbox WHERE saga_id = %s", [saga_id])
        return set(cursor.fetchall())


class TestAForwardCallAfterItsCompensation:
    def test_finds_the_tombstone_of_a_plain_step(self):
        tea = order()
        begun(tea)
        late = claim("kitchen", limit=10, lease_seconds=30)
        pass_deadline(tea.saga_id)
        drain(LANES)

        (settlement,) = run(late, "kitchen")

        assert "completed" not in [one.kind for one in settlement.happenings]
        assert ("weigh", "forward", "cancelled") in entries(tea.saga_id)
        assert not {"weigh", "brew"} & set(effects(tea.order_id))

    def test_finds_the_tombstone_of_an_external_step(self):
        tea = order()
        begun(tea)
        lanes.run_batch("kitchen")
        late = claim("till", limit=10, lease_seconds=30)
        pass_deadline(tea.saga_id)
        drain(LANES)

        (settlement,) = run(late, "till")

        assert [one.kind for one in settlement.happenings] == ["failed"]
        assert ("take_money", "forward", "cancelled") in entries(tea.saga_id)
        assert "intend" not in effects(tea.order_id)


class TestTwoWorkersInOneStep:
    def test_keep_one_effect(self, monkeypatch):
        tea = order()
        begun(tea)
        first = claim("kitchen", limit=10, lease_seconds=30)
        expire_lease(tea.saga_id)
        second = claim("kitchen", limit=10, lease_seconds=30)
        store, overtaken = inbox.store, []

        def overtake() -> None:
            run(second, "kitchen")
            connections.close_all()

        def store_after_the_other(rows, *, using):
            if not overtaken:
                overtaken.append(True)
                other = threading.Thread(target=overtake)
                other.start()
                other.join()
            store(rows, using=using)

        monkeypatch.setattr(inbox, "store", store_after_the_other)
        run(first, "kitchen")

        assert effects(tea.order_id) == ["weigh", "brew"]
        expire_lease(tea.saga_id)
        drain(LANES)


class TestALateSettle:
    def test_runs_no_local_step(self):
        tea = order()
        begun(tea)
        lanes.run_batch("kitchen")
        late = run(claim("till", limit=10, lease_seconds=30), "till")
        pass_deadline(tea.saga_id)
        drain(LANES)

        settle(late)

        assert row(tea.saga_id).status == "failed"
        assert effects(tea.order_id, "orders") == ["apologise"]


OUTSIDE = ("before_intent_commit", "after_intent", "after_perform", "before_record_commit", "after_record")


class TestADeath:
    @pytest.mark.parametrize("hit", [1, 2])
    @pytest.mark.parametrize("point", WORK_POINTS)
    @pytest.mark.parametrize("price", [3, 500])
    def test_at_any_point_doubles_and_loses_nothing(self, dies_at, point, hit, price):
        tea = order(price=price)
        begun(tea)
        death = dies_at(point, at_pass=hit)
        for _ in range(20):
            try:
                drain(LANES)
            except Killed:
                connections.close_all()
            expire_lease(tea.saga_id) if not row(tea.saga_id).finished_at else None

        # A guest who is served pays once, and nothing else is outside.
        assert death.died is not (point in OUTSIDE and (price, hit) == (3, 2))
        done = effects(tea.order_id)
        if price == 3:
            assert row(tea.saga_id).status == "completed"
            assert [done.count(what) for what in ("weigh", "brew", "wash")] == [1, 1, 1]
            assert effects(tea.order_id, "orders") == ["serve"]
        else:
            assert row(tea.saga_id).status == "failed"
            assert [done.count(what) for what in ("weigh", "brew", "pour_away", "unweigh")] == [1, 1, 1, 1]
            assert effects(tea.order_id, "orders") == ["apologise"]


class TestClaim:
    def test_leaves_versions_it_does_not_know(self):
        tea = order()
        begun(tea)
        SagaTransaction.objects.filter(id=tea.saga_id).update(version=99)

        assert claim("kitchen", limit=10, lease_seconds=30) == []

        SagaTransaction.objects.filter(id=tea.saga_id).update(hold="paused")

    def test_leaves_what_is_held(self):
        tea = order()
        begun(tea)
        SagaTransaction.objects.filter(id=tea.saga_id).update(hold="paused")

        assert claim("kitchen", limit=10, lease_seconds=30) == []

    def test_passes_over_what_another_is_claiming(self):
        tea = order()
        begun(tea)
        got = []

        def other() -> None:
            got.extend(claim("kitchen", limit=10, lease_seconds=30))
            connections.close_all()

        with transaction.atomic(using="orders"):
            SagaTransaction.objects.select_for_update().get(id=tea.saga_id)
            thread = threading.Thread(target=other)
            thread.start()
            thread.join(5)
            assert not thread.is_alive()

        assert got == []
        drain(LANES)
