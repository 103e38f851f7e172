"""Living sagas are moved to another version of their definition, as a line of their history."""

import threading
from dataclasses import replace

import pytest
from django.core.management import CommandError, call_command
from django.db import connections, transaction

from apps.sagas import inbox, lanes, migrating, requests
from apps.sagas.models import SagaEvent, SagaTransaction
from apps.sagas.orchestrator import claim
from apps.sagas.participant import PARTICIPANTS
from apps.sagas.progress import Answered, Postponed
from apps.sagas.registry import CROSSINGS, SAGAS
from apps.sagas.settlement import Settlement, settle
from apps.sagas.testing import drain
from apps.sagas.verification import find_broken_histories

from . import tea_next
from .tea_house import FAULTS, LANES, begun, effects, expire_lease, order, row
from .tea_next import SERVE_TEA_2, TO_2

pytestmark = [pytest.mark.committed(databases=["orders", "catalog"]), pytest.mark.usefixtures("house", "next_version")]


@pytest.fixture
def next_version(house, monkeypatch):
    """Code that knows both versions, and the way from the one to the other; no tea under way from earlier tests."""
    monkeypatch.setitem(SAGAS, ("serve_tea", 2), SERVE_TEA_2)
    monkeypatch.setitem(CROSSINGS, ("serve_tea", 1, 2), TO_2)
    tea_next.open_kitchen()
    SagaTransaction.objects.filter(definition="serve_tea").delete()


def run(claims, lane):
    """Run what was claimed, and settle nothing yet."""
    return lanes._run(PARTICIPANTS[lane], [Settlement(claim=one, progress=one.progress) for one in claims])


def migrate(**fields):
    values = {"name": "serve_tea", "before": 1, "after": 2, "actor": "ann", "reason": "Warm pots."}
    return migrating.migrate(**values | fields)


def broken(*teas):
    ids = {tea.saga_id for tea in teas}
    return [finding for finding in find_broken_histories() if finding.saga_id in ids]


class TestMigrate:
    def test_moves_a_saga_that_goes_forward_on_to_its_new_step(self):
        tea = order()
        begun(tea)

        assert migrate() == migrating.Migrated(moved=1)

        saga = row(tea.saga_id)
        assert (saga.version, saga.step, saga.seq, saga.data["guest"]) == (2, 1, 2, "guest")
        assert broken(tea) == []
        drain(LANES)
        assert row(tea.saga_id).status == "completed"
        assert effects(tea.order_id) == ["weigh", "warm_the_pot", "brew", "intend", "record", "wash"]
        assert broken(tea) == []

    def test_tells_who_moved_it_and_why_and_where_it_came(self):
        tea = order()
        begun(tea)
        lanes.run_batch("kitchen")

        migrate()

        event = SagaEvent.objects.get(saga_id=tea.saga_id, kind="migrated")
        assert (event.actor, event.step, event.direction) == ("ann", "take_money", "forward")
        assert event.data == {
            "from": 1,
            "to": 2,
            "reason": "Warm pots.",
            "status": "active",
            "step": "take_money",
            "direction": "forward",
            "states": {
                "greet": "completed", "weigh": "completed", "warm_the_pot": "skipped", "brew": "completed",
                "take_money": "ready", "serve": "pending", "wash": "pending",
            },
            "failures": 0,
            "cause": None,
            "waivers": [],
            "data": row(tea.saga_id).data,
        }  # fmt: skip

    def test_undoes_afterwards_what_was_done_before_and_no_more(self):
        tea = order(price=500)
        begun(tea)
        lanes.run_batch("kitchen")

        migrate()
        drain(LANES)

        assert row(tea.saga_id).status == "failed"
        assert effects(tea.order_id) == ["weigh", "brew", "intend", "record", "give_back", "pour_away", "unweigh"]
        entries = inbox.find([tea.saga_id], using="catalog", lease_seconds=30.0)
        assert {key[1] for key in entries if key[2] == "backward"} == {"weigh", "brew", "take_money"}
        assert broken(tea) == []

    def test_moves_a_saga_in_the_middle_of_its_undoing(self):
        tea = order(price=500)
        FAULTS["pour_away"] = [ValueError("the sink is full")]
        begun(tea)
        lanes.run_batch("kitchen")
        lanes.run_batch("till")
        lanes.run_batch("till")
        lanes.run_batch("kitchen")
        assert row(tea.saga_id).failures == 1

        assert migrate().moved == 1

        assert (row(tea.saga_id).step, row(tea.saga_id).failures) == (3, 1)
        expire_lease(tea.saga_id)
        drain(LANES)
        assert row(tea.saga_id).status == "failed"
        assert effects(tea.order_id).count("unweigh") == 1
        assert broken(tea) == []

    def test_finds_in_the_inbox_what_a_dead_worker_did_before(self):
        tea = order()
        begun(tea)
        lanes.run_batch("kitchen")
        run(claim("till", limit=1, lease_seconds=30), "till")
        expire_lease(tea.saga_id)

        assert migrate().moved == 1
        drain(LANES)

        assert row(tea.saga_id).status == "completed"
        assert effects(tea.order_id).count("intend") == 1

    def test_refuses_the_settle_of_whoever_held_it_before(self):
        tea = order()
        begun(tea)
        lanes.run_batch("kitchen")
        late = run(claim("till", limit=1, lease_seconds=30), "till")
        expire_lease(tea.saga_id)
        migrate()

        settle(late)

        assert (row(tea.saga_id).version, row(tea.saga_id).states[4]) == (2, "ready")

    def test_moves_a_held_saga_and_holds_it_still(self):
        tea = order()
        begun(tea)
        requests.ask(saga_id=tea.saga_id, kind="pause", actor="ann", reason="Wait.")

        assert migrate().moved == 1

        assert row(tea.saga_id).hold == "paused"
        assert broken(tea) == []

    def test_leaves_the_ended(self):
        tea = order()
        begun(tea)
        drain(LANES)

        assert migrate() == migrating.Migrated()
        assert row(tea.saga_id).version == 1


class TestWhatStays:
    def test_is_what_a_worker_holds_and_it_goes_over_later(self):
        tea = order()
        begun(tea)
        held = claim("kitchen", limit=1, lease_seconds=30)

        (stayed,) = migrate().stayed

        assert (stayed.saga_id, stayed.reason) == (
            tea.saga_id,
            "a worker holds it; it can go over when that has settled",
        )
        settle(run(held, "kitchen"))
        assert migrate() == migrating.Migrated(moved=1)

    def test_is_what_cannot_be_undone_in_the_order_it_may_have_been_done(self):
        tea = order()
        begun(tea)
        run(claim("kitchen", limit=1, lease_seconds=30), "kitchen")
        expire_lease(tea.saga_id)

        (stayed,) = migrate().stayed

        assert stayed.reason == "brew may have run, and would not be undone with the step before it"
        assert row(tea.saga_id).version == 1

    def test_is_what_would_ask_for_something_else_than_may_have_been_done(self, monkeypatch):
        dearer = replace(TO_2, data=lambda tea: replace(tea_next.named(tea), price=4))
        monkeypatch.setitem(CROSSINGS, ("serve_tea", 1, 2), dearer)
        tried, untried = order(), order()
        begun(tried, untried)
        lanes.run_batch("kitchen")
        SagaTransaction.objects.filter(id=untried.saga_id).update(hold="paused")
        claim("till", limit=1, lease_seconds=30)
        expire_lease(tried.saga_id)

        done = migrate()

        assert (done.moved, [stayed.saga_id for stayed in done.stayed]) == (1, [tried.saga_id])
        assert "take_money may have been done as it was asked" in done.stayed[0].reason
        assert row(untried.saga_id).data["price"] == 4

    @pytest.mark.parametrize(
        "ways", [["pause"], ["retry"], ["postponed"], ["postponed", "pause", "resume"]], ids="+".join
    )
    def test_is_what_may_have_been_done_though_its_row_looks_new(self, monkeypatch, ways):
        dearer = replace(TO_2, data=lambda tea: replace(tea_next.named(tea), price=4))
        monkeypatch.setitem(CROSSINGS, ("serve_tea", 1, 2), dearer)
        tea = order()
        begun(tea)
        lanes.run_batch("kitchen")
        (held,) = claim("till", limit=1, lease_seconds=30)
        for way in ways:
            if way == "postponed":
                lost = Postponed(error="the line broke in the commit", seconds=0.0)
                settle([Settlement(claim=held, progress=held.progress).after(lost)])
            else:
                requests.ask(saga_id=tea.saga_id, kind=way, actor="ann", reason="wait")

        (stayed,) = migrate().stayed

        assert "take_money may have been done as it was asked" in stayed.reason

    def test_is_what_may_have_run_with_the_step_before_it(self):
        tea = order()
        begun(tea)
        (held,) = claim("kitchen", limit=1, lease_seconds=30)
        settle([Settlement(claim=held, progress=held.progress).after(Answered())])

        (stayed,) = migrate().stayed

        assert stayed.reason == "brew may have run, so the cursor cannot leave it before its answer is known"

    def test_is_what_cannot_be_read(self):
        tea = order()
        begun(tea)
        SagaTransaction.objects.filter(id=tea.saga_id).update(data={"leaves": "oolong"})

        (stayed,) = migrate().stayed

        assert "missing required field" in stayed.reason

    def test_is_what_another_transaction_has_locked(self):
        tea = order()
        begun(tea)
        got = []

        def other() -> None:
            got.append(migrate())
            connections.close_all()

        with transaction.atomic(using="orders"):
            SagaTransaction.objects.select_for_update().get(id=tea.saga_id)
            thread = threading.Thread(target=other)
            thread.start()
            thread.join(5)

        assert got == [migrating.Migrated()]
        assert row(tea.saga_id).version == 1


class TestTheWork:
    def test_is_done_once(self):
        teas = [order() for _ in range(3)]
        begun(*teas)

        assert [migrate().moved for _ in range(2)] == [3, 0]

        assert SagaEvent.objects.filter(saga_id__in=[tea.saga_id for tea in teas], kind="migrated").count() == 3

    def test_can_be_done_bit_by_bit(self, monkeypatch):
        monkeypatch.setattr(migrating, "PAGE", 2)
        teas = [order() for _ in range(5)]
        begun(*teas)

        assert [migrate(limit=3).moved for _ in range(3)] == [3, 2, 0]

    def test_goes_on_where_it_was_broken_off(self, monkeypatch):
        monkeypatch.setattr(migrating, "PAGE", 2)
        teas = [order() for _ in range(5)]
        begun(*teas)
        write, pages = migrating._write, []

        def die_at_the_second(*args, **fields):
            pages.append(1)
            write(*args, **fields)
            if len(pages) == 2:
                raise KeyboardInterrupt

        monkeypatch.setattr(migrating, "_write", die_at_the_second)
        with pytest.raises(KeyboardInterrupt):
            migrate()
        assert sum(row(tea.saga_id).version == 2 for tea in teas) == 2

        monkeypatch.setattr(migrating, "_write", write)
        assert migrate().moved == 3
        drain(LANES)
        assert broken(*teas) == []

    def test_is_only_told_of_in_a_dry_run(self):
        tea = order()
        begun(tea)
        before = row(tea.saga_id)

        assert migrate(dry_run=True) == migrating.Migrated(moved=1)

        assert (row(tea.saga_id).version, row(tea.saga_id).seq) == (before.version, before.seq)

    def test_needs_a_declared_way(self):
        with pytest.raises(migrating.NoSuchCrossing, match="there is serve_tea from 1 to 2"):
            migrate(before=2, after=1)


class TestMigrateCommand:
    def test_says_how_many_it_moved(self, capsys):
        begun(order(), order())

        call_command("saga", "migrate", "serve_tea", "--from", "1", "--to", "2", "--reason", "Warm pots.")

        assert capsys.readouterr().out == "2 moved\n"

    def test_fails_and_names_what_stays(self, capsys):
        tea = order()
        begun(tea)
        claim("kitchen", limit=1, lease_seconds=30)

        with pytest.raises(CommandError, match="0 moved, 1 stay"):
            call_command("saga", "migrate", "serve_tea", "--from", "1", "--to", "2", "--reason", "Warm pots.")

        assert f"{tea.saga_id} stays: a worker holds it" in capsys.readouterr().out


class TestTheHistory:
    def test_folds_when_the_old_version_is_gone(self, monkeypatch):
        tea = order()
        begun(tea)
        lanes.run_batch("kitchen")
        migrate()
        drain(LANES)
        monkeypatch.delitem(SAGAS, ("serve_tea", 1))

        assert broken(tea) == []
