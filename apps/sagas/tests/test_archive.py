"""Finished sagas leave the table that workers look through, and are found and refused as before."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from django.contrib.admin.sites import site
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, connections, transaction
from django.test import RequestFactory

from apps.core import clock
from apps.core.ids import new_id
from apps.sagas import lanes, requests, retention, selectors
from apps.sagas.admin import SagaTransactionAdmin
from apps.sagas.models import ArchivedSaga, SagaDeadLetter, SagaRequest, SagaSubject, SagaTransaction
from apps.sagas.orchestrator import begin
from apps.sagas.requests import Answer
from apps.sagas.testing import drain
from apps.sagas.verification import find_broken_histories

from .old_sagas import archive
from .tea_house import LANES, begun, effects, order, row

pytestmark = [pytest.mark.committed(databases=["orders", "catalog"]), pytest.mark.usefixtures("house")]


def archived(**fields):
    """Return an order whose saga has finished and is archived."""
    tea = order(**fields)
    begun(tea)
    drain(LANES)
    archive()
    return tea


def fields_of(saga):
    return {field.attname: getattr(saga, field.attname) for field in SagaTransaction._meta.concrete_fields}


class TestArchiveFinished:
    @pytest.mark.parametrize(("price", "status"), [(3, "completed"), (500, "failed")])
    def test_moves_what_has_ended_with_all_of_its_row(self, price, status):
        tea = order(price=price)
        begun(tea)
        drain(LANES)
        now = clock.now()
        SagaTransaction.objects.filter(id=tea.saga_id).update(
            hold="paused",
            lease=new_id(),
            error="once",
            cause={},
            waivers=[],
            deadline_at=now,
            failing_since=now,
            trace_id="a trace",
        )
        before = fields_of(row(tea.saga_id))
        assert None not in before.values(), "a new column, too, must be set here and named in archive.sql"

        archive()

        assert not SagaTransaction.objects.filter(id=tea.saga_id).exists()
        kept = ArchivedSaga.objects.get(id=tea.saga_id)
        assert fields_of(kept) == before
        assert kept.status == status
        assert SagaSubject.objects.get(subject_id=tea.subject_id).saga_id == tea.saga_id

    def test_leaves_the_living_and_what_finished_lately(self):
        living, done = order(), order()
        begun(living, done)
        SagaTransaction.objects.filter(id=living.saga_id).update(hold="paused")
        drain(LANES)

        retention.archive_finished(before=row(done.saga_id).finished_at)
        archive_of_the_living = ArchivedSaga.objects.filter(id__in=[living.saga_id, done.saga_id])

        assert not archive_of_the_living.exists()
        archive()
        assert row(living.saga_id).status == "active"
        assert [saga.id for saga in archive_of_the_living] == [done.saga_id]

    def test_takes_no_more_than_a_batch(self):
        archive()
        begun(*(order() for _ in range(3)))
        drain(LANES)
        later = clock.now() + timedelta(seconds=1)

        assert [retention.archive_finished(before=later, limit=2) for _ in range(3)] == [2, 1, 0]

    def test_passes_over_a_row_that_somebody_holds(self):
        tea = order()
        begun(tea)
        drain(LANES)
        thread = threading.Thread(target=lambda: (archive(), connections.close_all()))

        with transaction.atomic(using="orders"):
            SagaTransaction.objects.select_for_update().get(id=tea.saga_id)
            thread.start()
            thread.join(5)
            assert not thread.is_alive()

        assert row(tea.saga_id).status == "completed"

    @pytest.mark.parametrize("waiting", ["dead letter", "request"])
    def test_keeps_what_somebody_must_see_to(self, waiting):
        tea = order()
        begun(tea)
        drain(LANES)
        if waiting == "request":
            SagaRequest.objects.create(
                saga_id=tea.saga_id, kind="cancel", actor="ann", reason="", idempotency_key=new_id()
            )
        else:
            SagaDeadLetter.objects.create(saga_id=tea.saga_id, step="wash", direction="forward", error="", attempts=1)

        archive()

        assert row(tea.saga_id).status == "completed"
        SagaDeadLetter.objects.filter(saga_id=tea.saga_id).delete()
        requests.answer_open_requests()


class TestASubject:
    def test_starts_once_although_its_saga_is_archived(self):
        tea = archived()
        again = order()

        with pytest.raises(IntegrityError, match="saga_starts_once"), transaction.atomic(using="orders"):
            begin([again, replace(again, saga_id=new_id(), subject_id=tea.subject_id)], actor="ann")

        assert not SagaTransaction.objects.filter(id=again.saga_id).exists()
        assert effects(tea.order_id).count("weigh") == 1

    def test_starts_once_when_its_saga_is_archived_at_that_very_moment(self):
        tea = order()
        begun(tea)
        drain(LANES)
        errors = []

        def start_again() -> None:
            try:
                with transaction.atomic(using="orders"):
                    begin([replace(tea, saga_id=new_id())], actor="ann")
            except IntegrityError as error:
                errors.append(str(error))
            connections.close_all()

        thread = threading.Thread(target=start_again)
        with transaction.atomic(using="orders"):
            archive()
            thread.start()
            # It has met the row that is leaving, and waits for the end of this transaction.
            thread.join(0.5)
            assert thread.is_alive()
        thread.join(5)

        assert len(errors) == 1
        assert "in the archive" in errors[0]


class TestAnArchivedSaga:
    def test_is_read_as_before(self):
        tea = order(price=500)
        begun(tea)
        drain(LANES)
        before = selectors.get_saga(tea.saga_id)
        archive()

        after = selectors.get_saga(tea.saga_id)

        assert (before.archived, after.archived) == (False, True)
        assert (after.steps, after.events, after.cause) == (before.steps, before.events, before.cause)
        assert selectors.get_saga(tea.order_id) == after
        assert selectors.list_sagas(order_ids=[tea.order_id]) == [after]
        assert selectors.list_statuses(order_ids=[tea.order_id], definition="serve_tea") == {tea.order_id: "failed"}
        assert selectors.list_saga_names([tea.saga_id]) == {tea.saga_id: f"serve_tea {tea.saga_id}"}

    def test_stands_between_living_ones_in_a_list(self):
        first = archived()
        second = order()
        begun(second)
        drain(LANES)

        assert [saga.id for saga in selectors.list_sagas(limit=2)] == [second.saga_id, first.saga_id]
        assert [saga.id for saga in selectors.list_sagas(status="completed", limit=1)] == [second.saga_id]

    @pytest.mark.parametrize("kind", ["cancel", "pause", "resume", "retry"])
    def test_is_asked_for_nothing_any_more(self, kind):
        tea = archived()

        answer = requests.ask(saga_id=tea.saga_id, kind=kind, actor="ann", reason="Late.")

        assert answer == Answer(granted=False, message="The saga has ended as completed.")
        assert SagaRequest.objects.get(saga_id=tea.saga_id).consumed_at is not None

    def test_is_claimed_by_nobody(self):
        archived()

        assert lanes.run_batch("kitchen") == 0

    def test_is_verified(self):
        tea = archived()
        with connections["orders"].cursor() as cursor:
            cursor.execute("UPDATE saga_archive SET step = 1 WHERE id = %s", [tea.saga_id])

        problems = [finding.problem for finding in find_broken_histories() if finding.saga_id == tea.saga_id]

        assert problems == ["its row says step 1, its history 5"]

    def test_keeps_its_page(self):
        tea = archived()
        admin, request = SagaTransactionAdmin(SagaTransaction, site), RequestFactory().get("/")
        request.user = AnonymousUser()

        saga = admin.get_object(request, str(tea.saga_id))

        assert (saga.id, saga.status) == (tea.saga_id, "completed")
        assert "take_money" in admin.steps(saga)
