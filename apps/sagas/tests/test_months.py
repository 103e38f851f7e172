"""Months of sagas are made ahead, and go as a whole."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from apps.core import clock
from apps.core.ids import new_id
from apps.sagas import retention
from apps.sagas.models import (
    ArchivedSaga,
    SagaDeadLetter,
    SagaEvent,
    SagaRequest,
    SagaSubject,
    SagaTransaction,
)
from apps.sagas.orchestrator import begin
from apps.sagas.retention import Month, MonthIsKept
from apps.sagas.testing import drain

from .old_sagas import JULY, JUNE, done, id_of, of_june, rows
from .tea_house import LANES, begun, order

pytestmark = [pytest.mark.committed(databases=["orders", "catalog"]), pytest.mark.usefixtures("house")]


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
        last = replace(order(), saga_id=id_of(ends))
        first = replace(order(), saga_id=id_of(ends + timedelta(milliseconds=1)))

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
