"""Months of sagas are made ahead and go as a whole; inboxes and outboxes are pruned around what is still needed."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.apps import apps
from django.db import connections, router, transaction

from apps.core import clock
from apps.core.ids import first_id_of, new_id
from apps.sagas import inbox, retention, tasks
from apps.sagas.models import (
    ArchivedSaga,
    InboxEntry,
    OutboxEvent,
    SagaDeadLetter,
    SagaEvent,
    SagaRequest,
    SagaSubject,
    SagaTransaction,
)
from apps.sagas.orchestrator import begin
from apps.sagas.outbox import publish
from apps.sagas.relay import SUBSCRIBERS, relay
from apps.sagas.retention import Month, MonthIsKept
from apps.sagas.testing import drain

from .tea_house import LANES, begun, order
from .test_archive import archive, vars_of
from .test_relay import TeaPoured

pytestmark = [pytest.mark.committed(databases=["orders", "catalog"]), pytest.mark.usefixtures("house")]

JUNE, JULY = Month(2020, 6), Month(2020, 7)


def rows(alias, query, *values):
    with connections[alias].cursor() as cursor:
        cursor.execute(query, values)
        return cursor.fetchall()


def id_of(moment: datetime) -> UUID:
    """Return a new id as it would have been made at that moment."""
    return UUID(int=first_id_of(moment).int | (new_id().int & ((1 << 80) - 1)))


@pytest.fixture
def years_ago():
    """Partitions for June and July 2020, gone after the test."""
    retention.ensure_months(first=datetime(2020, 6, 15, tzinfo=UTC).date(), months=2)
    yield
    with connections["orders"].cursor() as cursor:
        for month in (JUNE, JULY):
            for parent in retention.BY_MONTH:
                cursor.execute(f"DROP TABLE IF EXISTS {parent}_{month}")


def of_june(day: int = 15):
    tea = order()
    return type(tea)(**{**vars_of(tea), "saga_id": id_of(datetime(2020, 6, day, tzinfo=UTC))})


def done(*teas):
    begun(*teas)
    drain(LANES)
    archive()


class TestEnsureMonths:
    def test_makes_the_partitions_that_are_missing(self, years_ago):
        for parent in retention.BY_MONTH:
            assert {JUNE, JULY} <= set(retention.list_months(parent))

    def test_leaves_those_that_are_there(self, years_ago):
        done(of_june())

        retention.ensure_months(first=datetime(2020, 6, 30, tzinfo=UTC).date(), months=1)

        assert rows("orders", "SELECT count(*) FROM saga_archive_2020_06") == [(1,)]

    def test_puts_each_month_where_it_belongs(self, years_ago):
        ends = datetime(2020, 6, 30, 23, 59, 59, 999000, tzinfo=UTC)
        last, first = of_june(), of_june()
        last = type(last)(**{**vars_of(last), "saga_id": id_of(ends)})
        first = type(first)(**{**vars_of(first), "saga_id": id_of(ends + timedelta(milliseconds=1))})

        done(last, first)

        assert rows("orders", "SELECT id FROM saga_archive_2020_06") == [(last.saga_id,)]
        assert rows("orders", "SELECT DISTINCT saga_id FROM saga_events_2020_07") == [(first.saga_id,)]


class TestDropMonths:
    def test_drops_a_month_with_all_that_is_known_of_its_sagas(self, years_ago):
        tea, later = of_june(), order()
        for one in (tea, later):
            about = {"saga_id": one.saga_id, "step": "wash", "direction": "forward"}
            SagaDeadLetter.objects.create(**about, error="", attempts=5, state="resolved")
            SagaRequest.objects.create(
                saga_id=one.saga_id,
                kind="retry",
                actor="ann",
                reason="",
                idempotency_key=new_id(),
                answer={},
                consumed_at=clock.now(),
            )
        done(tea, later)

        assert retention.drop_months(before=JULY) == [JUNE]

        for model in (ArchivedSaga, SagaEvent, SagaDeadLetter, SagaRequest):
            key = "id" if model is ArchivedSaga else "saga_id"
            assert not model.objects.filter(**{key: tea.saga_id}).exists()
            assert model.objects.filter(**{key: later.saga_id}).exists()
        # What it was about is remembered for ever.
        assert SagaSubject.objects.get(subject_id=tea.subject_id).saga_id == tea.saga_id
        assert JUNE not in retention.list_months("saga_events")
        assert JULY in retention.list_months("saga_events")

    def test_keeps_a_month_for_a_saga_that_lives(self, years_ago):
        gone, living = of_june(), of_june()
        done(gone)
        begun(living)

        with pytest.raises(MonthIsKept, match=str(living.saga_id)) as refusal:
            retention.drop_months(before=JULY)

        assert str(gone.saga_id) not in refusal.value.message
        assert ArchivedSaga.objects.filter(id=gone.saga_id).exists()
        drain(LANES)

    def test_keeps_a_month_for_a_living_saga_that_has_no_history(self, years_ago):
        bare = begun(order())[0]
        SagaTransaction.objects.filter(id=bare.id).update(id=of_june().saga_id)
        (bare,) = SagaTransaction.objects.filter(subject_id=bare.subject_id)

        with pytest.raises(MonthIsKept, match=str(bare.id)):
            retention.drop_months(before=JULY)

    def test_keeps_a_month_for_a_saga_whose_row_is_lost(self, years_ago):
        lost = of_june()
        begun(lost)
        SagaTransaction.objects.filter(id=lost.saga_id).delete()

        with pytest.raises(MonthIsKept, match=str(lost.saga_id)):
            retention.drop_months(before=JULY)

        assert SagaEvent.objects.filter(saga_id=lost.saga_id).exists()

    def test_keeps_a_month_for_an_open_dead_letter(self, years_ago):
        tea = of_june()
        done(tea)
        SagaDeadLetter.objects.create(saga_id=tea.saga_id, step="wash", direction="forward", error="", attempts=5)

        with pytest.raises(MonthIsKept, match=str(tea.saga_id)):
            retention.drop_months(before=JULY)

        SagaDeadLetter.objects.filter(saga_id=tea.saga_id).delete()

    def test_drops_nothing_that_is_young_enough(self, years_ago):
        done(of_june())

        assert retention.drop_months(before=JUNE) == []

    @pytest.mark.parametrize(("months", "oldest"), [(1, Month(2020, 12)), (13, Month(2019, 12)), (25, Month(2018, 12))])
    def test_counts_months_over_the_turn_of_the_year(self, months, oldest):
        assert retention.oldest_kept(datetime(2021, 1, 3, tzinfo=UTC), months) == oldest


class TestAMonthThatIsOverdue:
    def test_is_told_of_by_whoever_measures(self, years_ago):
        now = clock.now()
        months = (now.year - 2020) * 12 + now.month - 6

        assert [
            dict(rows("orders", retention.SQL["metrics_months_overdue"], kept))["saga_events"]
            for kept in (months - 2, months - 1, months)
        ] == [2, 1, 0]


class TestTheDefaultPartition:
    def test_is_told_of_by_whoever_measures(self):
        with transaction.atomic(using="orders"):
            begin([of_june()], actor="test")
            held = rows("orders", retention.SQL["metrics_homeless"])
            transaction.set_rollback(True, using="orders")

        assert held == [("saga_events", 1), ("saga_archive", 0)]
        assert rows("orders", retention.SQL["metrics_homeless"]) == [("saga_events", 0), ("saga_archive", 0)]

    def test_is_not_needed_for_the_months_to_come(self):
        ahead = dict(rows("orders", retention.SQL["metrics_months_ahead"]))

        assert ahead["saga_events"] >= 2
        assert ahead["saga_archive"] >= 2


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
