"""Requests that meet each other, or a worker, at one saga: each is answered once, and one row decides."""

import threading
import time

import pytest
from django.db import connections

from apps.core.ids import new_id
from apps.sagas import lanes, requests
from apps.sagas.models import SagaDeadLetter, SagaEvent, SagaRequest
from apps.sagas.testing import drain
from apps.sagas.verification import find_broken_histories

from . import cake
from .tea_house import BANK, FAULTS, LANES, begun, effects, expire_lease, row

pytestmark = [pytest.mark.committed(databases=["orders", "catalog"]), pytest.mark.usefixtures("house")]

ROUNDS = 12
HEAD_STARTS = [-0.3, -0.03, -0.02, -0.01, -0.005, 0.0, 0.005, 0.01, 0.02, 0.3]
"""By how many seconds the worker comes first: from a request that surely wins to one that is too late."""


def at_once(*deeds):
    """Do all of these at the same moment, each in a thread with connections of its own; return what each returned."""
    start, got = threading.Barrier(len(deeds)), {}

    def run(number, deed):
        start.wait()
        try:
            got[number] = deed()
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert not any(thread.is_alive() for thread in threads)
    return [got[number] for number in range(len(deeds))]


def asking(guest, kind, actor="ines@example.com", **fields):
    return lambda: requests.ask(saga_id=guest.saga_id, kind=kind, actor=actor, reason="It burns.", **fields)


def raced(request, worker, head_start):
    """Ask while a worker works, who comes first by so many seconds; return the answer."""

    def after(seconds, deed):
        time.sleep(max(seconds, 0.0))
        return deed()

    answer, _ = at_once(lambda: after(head_start, request), lambda: after(-head_start, worker))
    return answer


def working(lane):
    return lambda: lanes.run_batch(lane)


def kinds(guest):
    return list(SagaEvent.objects.filter(saga_id=guest.saga_id).order_by("seq").values_list("kind", flat=True))


def whole(guest):
    return [one for one in find_broken_histories() if one.saga_id == guest.saga_id] == []


def answered(guest):
    return not SagaRequest.objects.filter(saga_id=guest.saga_id, consumed_at__isnull=True).exists()


def before_its_pivot():
    """Return a guest who has paid next, and is served then."""
    guest = cake.order()
    begun(guest)
    lanes.run_batch("kitchen")
    return guest


def with_a_parked(handler, price):
    guest = cake.order(price=price)
    FAULTS[handler] = [ValueError("it fails")] * 10
    begun(guest)
    drain(LANES)
    expire_lease(guest.saga_id)
    drain(LANES)
    expire_lease(guest.saga_id)
    return guest


class TestForceCompensate:
    def test_against_the_settle_that_confirms_is_decided_by_one_row(self):
        ends = set()
        for head_start in HEAD_STARTS:
            guest = before_its_pivot()
            answer = raced(asking(guest, "force_compensate"), working("till"), head_start)
            drain(LANES)
            expire_lease(guest.saga_id) if not row(guest.saga_id).finished_at else None
            drain(LANES)

            status = row(guest.saga_id).status
            ends.add(status)
            assert (status == "failed") == answer.granted
            assert ("turned_back" in kinds(guest)) == answer.granted
            served, paid = effects(guest.order_id, "orders").count("serve"), set(BANK.values())
            assert (served, "paid" in paid) == ((0, False) if answer.granted else (1, True))
            assert (whole(guest), answered(guest)) == (True, True)
            BANK.clear()
        assert ends == {"failed", "completed"}

    def test_against_a_cancellation_grants_one(self):
        for _ in range(ROUNDS):
            guest = before_its_pivot()

            answers = at_once(asking(guest, "force_compensate"), asking(guest, "cancel"))
            drain(LANES)

            assert sorted(one.granted for one in answers) == [False, True]
            assert kinds(guest).count("turned_back") == 1
            assert (row(guest.saga_id).status, whole(guest)) == ("failed", True)


class TestSkip:
    def test_against_the_step_itself_ends_the_saga_once(self):
        granted = set()
        for head_start in HEAD_STARTS:
            guest = with_a_parked("thank", 3)
            FAULTS.clear()

            answer = raced(asking(guest, "skip"), working("house"), head_start)
            granted.add(answer.granted)
            expire_lease(guest.saga_id) if not row(guest.saga_id).finished_at else None
            drain(LANES)

            thanked = effects(guest.order_id, "orders").count("thank")
            assert thanked == (0 if answer.granted else 1)
            assert kinds(guest).count("skipped") == (1 if answer.granted else 0)
            assert not SagaDeadLetter.objects.filter(saga_id=guest.saga_id, state="open").exists()
            assert (row(guest.saga_id).status, whole(guest)) == ("completed", True)
        assert granted == {True, False}

    def test_against_a_waiver_of_the_same_step_grants_one(self):
        for _ in range(ROUNDS):
            guest = with_a_parked("thank", 3)
            asking(guest, "waive")()

            answers = at_once(asking(guest, "skip"), asking(guest, "waive", "omar@example.com"))

            assert sorted(one.granted for one in answers) == [False, True]
            (letter,) = SagaDeadLetter.objects.filter(saga_id=guest.saga_id)
            drain(LANES)
            assert letter.state == ("resolved" if answers[0].granted else "waived")
            assert (row(guest.saga_id).status, whole(guest)) == ("completed", True)


class TestWaive:
    def test_by_two_at_once_is_proposed_by_one_and_approved_by_the_other(self):
        for _ in range(ROUNDS):
            guest = with_a_parked("give_back", 500)

            answers = at_once(asking(guest, "waive", "ines@example.com"), asking(guest, "waive", "omar@example.com"))
            drain(LANES)

            assert [one.granted for one in answers] == [True, True]
            (letter,) = SagaDeadLetter.objects.filter(saga_id=guest.saga_id)
            assert {letter.resolved_by, letter.approved_by} == {"ines@example.com", "omar@example.com"}
            assert effects(guest.order_id).count("write_off") == 1
            assert (row(guest.saga_id).status, whole(guest)) == ("failed", True)

    def test_against_the_compensation_that_succeeds_after_all_writes_off_or_gives_back(self):
        granted = set()
        for head_start in HEAD_STARTS:
            guest = with_a_parked("give_back", 500)
            asking(guest, "waive")()
            FAULTS.clear()

            answer = raced(asking(guest, "waive", "omar@example.com"), working("till"), head_start)
            granted.add(answer.granted)
            for _ in range(2):
                expire_lease(guest.saga_id) if not row(guest.saga_id).finished_at else None
                drain(LANES)

            letter = SagaDeadLetter.objects.get(saga_id=guest.saga_id)
            assert letter.state == ("waived" if answer.granted else "resolved")
            assert effects(guest.order_id).count("write_off") == (1 if answer.granted else 0)
            assert (row(guest.saga_id).status, whole(guest)) == ("failed", True)
        assert granted == {True, False}


class TestAnswer:
    def test_is_given_once_by_two_processes(self):
        for _ in range(ROUNDS):
            guest = before_its_pivot()
            request = SagaRequest.objects.create(
                saga_id=guest.saga_id, kind="cancel", actor="ines", reason="It burns.", idempotency_key=str(new_id())
            )

            first, second = at_once(lambda: requests.answer(request.id), lambda: requests.answer(request.id))  # noqa: B023
            drain(LANES)

            assert first == second
            assert kinds(guest).count("turned_back") == 1

    def test_is_one_for_one_key_asked_twice_at_once(self):
        for _ in range(ROUNDS):
            guest, key = before_its_pivot(), str(new_id())

            answers = at_once(
                asking(guest, "force_compensate", idempotency_key=key),
                asking(guest, "force_compensate", idempotency_key=key),
            )
            drain(LANES)

            assert [one.granted for one in answers] == [True, True]
            assert SagaRequest.objects.filter(saga_id=guest.saga_id).count() == 1
            assert kinds(guest).count("turned_back") == 1

    def test_comes_for_every_kind_while_a_worker_holds_the_saga(self):
        guest = before_its_pivot()
        expire_lease(guest.saga_id)

        at_once(working("till"), *[asking(guest, kind) for kind in ("pause", "resume", "retry", "skip", "waive")])
        asking(guest, "resume")()
        for _ in range(2):
            expire_lease(guest.saga_id) if not row(guest.saga_id).finished_at else None
            drain(LANES)

        assert (row(guest.saga_id).status, whole(guest), answered(guest)) == ("completed", True, True)
