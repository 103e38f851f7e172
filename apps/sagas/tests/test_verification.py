"""Every row stands where its history leads, whoever asks and whenever; and nobody rewrites a history."""

import threading

import pytest
from django.db import IntegrityError, ProgrammingError, connections, transaction

from apps.core.ids import new_id
from apps.core.testing.threads import at_once
from apps.sagas import lanes, requests
from apps.sagas.models import SagaEvent, SagaTransaction
from apps.sagas.testing import broken_histories, drain
from apps.sagas.verification import broken, find_broken_histories, in_short

from .by_hand import damage, run, tamper
from .tea_house import LANES, begun, order, row

pytestmark = [pytest.mark.committed(databases=["orders", "catalog"]), pytest.mark.usefixtures("house")]

OTHER = new_id()
DAMAGES = {
    "status": {"status": "compensating"},
    "step": {"step": 2},
    "direction": {"direction": "backward"},
    "states": {"states": ["completed"] * 6},
    "cause": {"cause": {"step": "brew", "code": "x", "message": "", "details": {}}},
    "effects_open": {"effects_open": 0},
    "lane": {"lane": "kitchen"},
    "hold": {"hold": "paused"},
    "data": {"data": {"order_id": "1", "leaves": "none", "price": 0}},
    "subject_id": {"subject_id": OTHER},
    "order_id": {"order_id": OTHER},
    "trace_id": {"trace_id": "00ff"},
}


def problems(tea) -> list[str]:
    return [finding.problem for finding in find_broken_histories() if finding.saga_id == tea.saga_id]


def at_the_till():
    """A saga with two steps done, waiting for the till."""
    tea = order()
    begun(tea)
    lanes.run_batch("kitchen")
    return tea


class TestFindBrokenHistories:
    @pytest.mark.parametrize("column", DAMAGES)
    def test_names_the_column_that_was_changed_by_hand(self, column):
        tea = at_the_till()
        expected = problems(tea)

        damage(tea.saga_id, **DAMAGES[column])

        assert expected == []
        found = problems(tea)
        assert [problem.split()[3] for problem in found] == [column]

    def test_finds_a_row_that_ended_before_its_history(self):
        tea = at_the_till()

        run("UPDATE saga_transactions SET status = 'completed', finished_at = now() WHERE id = %(id)s", id=tea.saga_id)

        assert problems(tea) == [
            "its row says status 'completed', its history 'active'",
            "its row says finished True, its history False",
        ]

    def test_finds_a_row_that_was_set_back(self):
        tea = at_the_till()

        damage(tea.saga_id, seq=1)

        assert problems(tea) == ["its history should have events 1 to 1, it has 1-3"]

    def test_finds_a_gap(self):
        tea = at_the_till()

        tamper("DELETE FROM saga_events WHERE saga_id = %(id)s AND seq = 2", id=tea.saga_id)

        assert problems(tea) == ["its history should have events 1 to 3, it has 1, 3"]

    def test_agrees_with_a_paused_saga(self):
        tea = at_the_till()

        requests.ask(saga_id=tea.saga_id, kind="pause", actor="ann", reason="wait")

        assert row(tea.saga_id).hold == "paused"
        assert problems(tea) == []

    def test_takes_no_saga_for_broken_that_moved_while_it_looked(self):
        tea = order()
        begun(tea)
        read = SagaTransaction.objects.get(id=tea.saga_id)
        drain(LANES)

        assert broken([read]) == []

    def test_raises_no_alarm_while_workers_run(self):
        teas = [order() for _ in range(150)]
        begun(*teas)
        over = threading.Event()
        looks: list[int] = []

        def work() -> None:
            while drain(LANES):
                pass
            over.set()

        def look() -> list[str]:
            found = []
            while not over.is_set():
                found += [f.problem for f in broken(list(SagaTransaction.objects.filter(id__in=ids)))]
                looks.append(1)
            return found

        ids = [tea.saga_id for tea in teas]
        _, found = at_once(work, look)

        assert found == []
        assert looks


class TestSagaEvents:
    """Append-only by trigger and by grant, the default partition and the months alike."""

    TABLES = ("saga_events", "saga_events_default", "saga_events_2100_01")

    @pytest.fixture(autouse=True)
    def month(self, house):
        run("SELECT ensure_saga_events_partitions('2100-01-01', 1)")
        yield
        run("DROP TABLE saga_events_2100_01")

    @pytest.mark.parametrize("table", TABLES)
    @pytest.mark.parametrize("change", ["UPDATE {} SET actor = 'x'", "DELETE FROM {}", "TRUNCATE {}"])
    def test_refuse_to_be_changed_by_the_role_of_the_application(self, table, change):
        with pytest.raises(ProgrammingError, match="permission denied for table"):
            run(change.format(table))

    @pytest.mark.parametrize("table", TABLES)
    @pytest.mark.parametrize("change", ["UPDATE {} SET actor = 'x'", "DELETE FROM {}", "TRUNCATE {}"])
    def test_refuse_it_still_when_their_owner_grants_it(self, table, change):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(using="orders"):
            change_as_granted(table, change.format(table))

    def test_begin_with_what_a_row_is_made_of(self):
        tea = order()
        begun(tea)

        assert SagaEvent.objects.get(saga_id=tea.saga_id, seq=1).data == {
            "definition": "serve_tea",
            "version": 1,
            "subject_id": str(tea.order_id),
            "order_id": str(tea.order_id),
            "data": {"order_id": str(tea.order_id), "leaves": "oolong", "price": 3},
            "deadline_at": None,
            "trace_id": None,
        }


def change_as_granted(table, change):
    """Give the rights back, then change a row of a table of the history."""
    for name in ("saga_events", table):
        run(f"GRANT UPDATE, DELETE, TRUNCATE ON {name} TO CURRENT_USER")
    run(f"INSERT INTO {table} SELECT %(id)s, 1, 'started', '', '', 0, '', '{{}}'", id=id_in(table))
    run(change)


def id_in(table):
    """Return a saga's id that belongs into a table of the history."""
    with connections["orders"].cursor() as cursor:
        cursor.execute("SELECT uuid_v7_from('2100-01-05'), '00000000-0000-0000-0000-000000000001'::uuid")
        month, early = cursor.fetchone()
    return early if table == "saga_events_default" else month


class TestInShort:
    def test_tells_runs(self):
        assert in_short([1, 2, 3, 5, 7, 8]) == "1-3, 5, 7-8"
        assert in_short([]) == "none"


class TestBrokenHistories:
    """What other tests ask, each of its own sagas."""

    def test_are_those_of_the_sagas_named_by_their_own_ids_or_their_orders(self):
        sound, spoilt = order(), order()
        begun(sound, spoilt)
        damage(spoilt.saga_id, step=2)

        assert broken_histories(sound.saga_id, sound.order_id) == []
        assert {one.saga_id for one in broken_histories(sound.saga_id, str(spoilt.order_id))} == {spoilt.saga_id}

    def test_are_not_looked_for_where_there_is_no_saga(self):
        with pytest.raises(AssertionError, match="no saga has the id or the order"):
            broken_histories(new_id())
