"""Inboxes and outboxes are pruned around what is still needed; the jobs of retention ring for all of it."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.db import router, transaction

from apps.core import clock
from apps.core.ids import new_id
from apps.sagas import inbox, retention, tasks
from apps.sagas.models import (
    ArchivedSaga,
    InboxEntry,
    OutboxEvent,
    SagaTransaction,
)
from apps.sagas.outbox import publish
from apps.sagas.relay import SUBSCRIBERS, relay
from apps.sagas.testing import drain

from .old_sagas import JULY, JUNE, done, of_june, rows
from .tea import TeaPoured
from .tea_house import LANES, begun, order

pytestmark = [pytest.mark.committed(databases=["orders", "catalog"]), pytest.mark.usefixtures("house")]


class TestForgetInbox:
    def entries(self, tea):
        return sorted(step for _, step, _, _ in inbox.find([tea.saga_id], using="catalog", lease_seconds=30.0))

    def forget(self, **fields):
        values = {"using": "catalog", "finished_before": clock.now() + timedelta(days=1), "born_before": JUNE}
        return retention.forget_inbox(**values | fields)

    def test_forgets_what_was_done_for_sagas_that_ended_long_ago(self, years_ago):
        tea = of_june()
        done(tea)

        self.forget()

        assert self.entries(tea) == []

    def test_remembers_a_saga_that_lives_however_old(self, years_ago):
        tea = of_june()
        begun(tea)
        SagaTransaction.objects.filter(id=tea.saga_id).update(data={})
        rows(
            "catalog",
            "INSERT INTO saga_inbox VALUES (%s, 'weigh', 'forward', 0, 'replied', '{}', '') RETURNING 1",
            tea.saga_id,
        )

        self.forget(born_before=JULY)

        assert self.entries(tea) == ["weigh"]

    def test_remembers_an_old_saga_that_ended_lately(self, years_ago):
        tea = of_june()
        done(tea)

        self.forget(finished_before=ArchivedSaga.objects.get(id=tea.saga_id).finished_at, born_before=JULY)

        assert self.entries(tea) == ["brew", "take_money", "wash", "weigh"]

    def test_remembers_what_nobody_knows_unless_its_month_is_gone(self, years_ago):
        lost = of_june()
        rows(
            "catalog",
            "INSERT INTO saga_inbox VALUES (%s, 'weigh', 'forward', 0, 'replied', '{}', '') RETURNING 1",
            lost.saga_id,
        )

        self.forget(born_before=JUNE)
        assert self.entries(lost) == ["weigh"]

        self.forget(born_before=JULY)
        assert self.entries(lost) == []

    def test_goes_through_all_of_them_batch_by_batch(self, years_ago):
        teas = [of_june(day) for day in range(1, 6)]
        done(*teas)
        rows(
            "orders",
            "UPDATE saga_archive SET finished_at = now() + interval '9 days' WHERE id = %s RETURNING 1",
            teas[2].saga_id,
        )

        self.forget(limit=2)

        assert [bool(self.entries(tea)) for tea in teas] == [False, False, True, False, False]


class TestPruneOutbox:
    @pytest.fixture(autouse=True)
    def relayed(self):
        """Nothing is left from earlier tests, and nobody hears of tea."""
        while relay("orders"):
            pass
        SUBSCRIBERS["tea.poured"] = []

    def pour(self, tea_id, *cups):
        with transaction.atomic(using="orders"):
            publish([TeaPoured(tea_id=tea_id, cup=cup) for cup in cups], using="orders")

    def events(self, tea_id):
        return rows(
            "orders",
            "SELECT aggregate_seq, payload <> '{}' FROM outbox_events WHERE aggregate_id = %s ORDER BY aggregate_seq",
            tea_id,
        )

    def test_deletes_what_was_published_and_empties_the_newest(self):
        tea_id = new_id()
        self.pour(tea_id, 1, 2, 3)
        relay("orders")

        retention.prune_outbox(using="orders", before=clock.now() + timedelta(seconds=1), limit=2)

        assert self.events(tea_id) == [(3, False)]

    def test_goes_on_counting_where_the_aggregate_stood(self):
        tea_id = new_id()
        self.pour(tea_id, 1, 2)
        relay("orders")
        retention.prune_outbox(using="orders", before=clock.now() + timedelta(seconds=1))

        self.pour(tea_id, 3)

        assert self.events(tea_id) == [(2, False), (3, True)]

    def test_leaves_what_waits_for_the_relay(self):
        tea_id = new_id()
        self.pour(tea_id, 1, 2)

        retention.prune_outbox(using="orders", before=clock.now() + timedelta(seconds=1))

        assert self.events(tea_id) == [(1, True), (2, True)]
        relay("orders")

    def test_leaves_what_is_young(self):
        before, tea_id = clock.now() - timedelta(seconds=1), new_id()
        self.pour(tea_id, 1, 2)
        relay("orders")

        retention.prune_outbox(using="orders", before=before)

        assert self.events(tea_id) == [(1, True), (2, True)]

    def test_finds_nothing_to_do_twice(self):
        self.pour(new_id(), 1, 2)
        relay("orders")
        later = clock.now() + timedelta(seconds=1)
        retention.prune_outbox(using="orders", before=later)

        assert retention.prune_outbox(using="orders", before=later) == 0


class TestTheJobs:
    def test_archive_what_finished_longer_ago_than_the_setting_says(self, settings):
        tea = order()
        begun(tea)
        drain(LANES)

        tasks.archive_finished()
        assert SagaTransaction.objects.filter(id=tea.saga_id).exists()

        settings.SAGA_ARCHIVE_AFTER_HOURS = 0
        tasks.archive_finished()
        assert ArchivedSaga.objects.filter(id=tea.saga_id).exists()

    def test_drop_what_is_older_than_the_settings_say(self, settings, years_ago):
        old, young = of_june(), order()
        done(old, young)
        now = clock.now()
        settings.SAGA_HISTORY_MONTHS = (now.year - 2020) * 12 + now.month - 6

        tasks.drop_old_months()
        assert ArchivedSaga.objects.filter(id=old.saga_id).exists()

        settings.SAGA_HISTORY_MONTHS -= 1
        tasks.drop_old_months()
        assert not ArchivedSaga.objects.filter(id=old.saga_id).exists()
        assert ArchivedSaga.objects.filter(id=young.saga_id).exists()

    def test_forget_and_prune_nothing_that_is_young(self):
        tea = order()
        done(tea)
        before = len(inbox.find([tea.saga_id], using="catalog", lease_seconds=30.0))

        tasks.forget_inbox("catalog")
        tasks.prune_outbox("orders")
        tasks.ensure_partitions()

        assert len(inbox.find([tea.saga_id], using="catalog", lease_seconds=30.0)) == before

    def test_are_rung_by_beat_for_every_database_that_has_something_to_prune(self, settings):
        rung = [(entry["task"], *entry.get("args", ())) for entry in settings.CELERY_BEAT_SCHEDULE.values()]
        outboxes = {router.db_for_write(model) for model in apps.get_models() if issubclass(model, OutboxEvent)}
        inboxes = {router.db_for_write(model) for model in apps.get_models() if issubclass(model, InboxEntry)}

        assert {entry[1] for entry in rung if entry[0] == "sagas.prune_outbox"} == outboxes
        assert {entry[1] for entry in rung if entry[0] == "sagas.forget_inbox"} == inboxes
        for job in ("archive_finished", "drop_old_months", "ensure_partitions"):
            assert (f"sagas.{job}",) in rung
