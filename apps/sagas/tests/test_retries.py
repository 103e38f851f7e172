"""When a step's tries are spent: by number, by time, by a failure that no retry helps."""

from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from apps.core import clock
from apps.sagas import lanes
from apps.sagas.definition import Cause, Retry, Saga, class_name, compensatable, pivot, retriable
from apps.sagas.execution import advance, start
from apps.sagas.history import fold
from apps.sagas.messages import Unknown
from apps.sagas.models import SagaDeadLetter, SagaEvent, SagaTransaction
from apps.sagas.progress import Answered, Failed, Refused, State, Status
from apps.sagas.testing import broken_histories, drain

from . import tea
from .tea_house import FAULTS, LANES, begun, effects, expire_lease, order, row


class KettleBroken(Exception):
    """Nothing boils any more."""


class KettleBrokenInTwo(KettleBroken):
    """It derives from KettleBroken, and is another failure."""


@dataclass(frozen=True)
class Guest:
    """The sagas here know nothing."""


def brew(guest: Guest) -> tea.Brew:
    raise NotImplementedError


def pour_away(guest: Guest, cause: Cause) -> tea.PourAway:
    raise NotImplementedError


MANY = Retry(base_seconds=1.0, cap_seconds=8.0, attempts=100, elapsed_seconds=60.0, never=(KettleBroken,))
SAGA = Saga(
    "patient_tea",
    version=1,
    data=Guest,
    steps=(
        compensatable("first", do=brew, undo=pour_away, retry=MANY, undo_retry=MANY),
        compensatable("second", do=brew, undo=pour_away, retry=MANY, undo_retry=MANY),
        pivot("serve", do=brew, retry=MANY),
        retriable("wash", do=brew, retry=MANY),
    ),
)
YES, OOPS, MAYBE = Answered(), Failed(error="OSError: oops"), Unknown(error="silence")
NO = Refused(code="no", message="No.")
BROKEN = Failed(error="KettleBroken", exception=class_name(KettleBroken))
BROKEN_IN_TWO = Failed(error="KettleBrokenInTwo", exception=class_name(KettleBrokenInTwo))


def moved(*outcomes, progress=None, failing_seconds=0.0):
    """Advance the saga; return the last move, and every happening."""
    progress, told = progress or start(SAGA), []
    for outcome in outcomes:
        move = advance(SAGA, replace(progress, failing_seconds=failing_seconds), outcome, jitter=1.0)
        progress, told = move.progress, [*told, *move.happenings]
    return move, told


def folds(told, progress):
    """Assert that a history leads where the moves led."""
    replayed = fold(SAGA, told)
    assert (replayed.status, replayed.step, replayed.states) == (progress.status, progress.step, progress.states)


class TestALimitOfTime:
    def test_turns_back_with_the_first_failure_after_it(self):
        waiting, _ = moved(*[OOPS] * 3, failing_seconds=59.9)
        move, told = moved(OOPS, failing_seconds=60.0)

        assert (waiting.progress.status, waiting.progress.failures) == (Status.ACTIVE, 3)
        assert move.progress.status is Status.COMPENSATING
        assert [one.data for one in told] == [{"error": "OSError: oops", "failures": 1, "spent": True}]
        folds(told, move.progress)

    def test_is_told_of_although_the_number_is_none_to_be_told(self):
        first, _ = moved(*[OOPS] * 50)
        move, told = moved(MAYBE, progress=first.progress, failing_seconds=61.0)

        assert move.progress.cause.code == "outcome_unknown"
        assert [(one.kind, one.data["failures"]) for one in told] == [("unknown", 51)]

    def test_parks_a_step_after_the_pivot_and_waits_as_if_every_try_were_spent(self):
        before, told = moved(YES, YES, YES)
        move, parking = moved(OOPS, progress=before.progress, failing_seconds=60.0)
        again, _ = moved(OOPS, progress=move.progress)

        assert (move.progress.states[3], move.parked, move.failures) == (State.PARKED, True, 1)
        assert move.delay_seconds == 8.0
        assert (again.progress.states[3], again.parked, again.failures) == (State.PARKED, True, 2)
        folds([*told, *parking], move.progress)

    def test_starts_anew_with_each_step(self):
        move, _ = moved(YES, failing_seconds=70.0)

        assert move.progress.failing_seconds == 0.0


class TestAFailureThatNoRetryHelps:
    def test_turns_back_at_once(self):
        move, told = moved(YES, BROKEN)

        assert move.progress.status is Status.COMPENSATING
        assert move.progress.cause.code == "technical_failure"
        folds(told, move.progress)

    def test_is_known_by_its_very_class(self):
        move, _ = moved(BROKEN_IN_TWO)

        assert (move.progress.status, move.progress.failures) == (Status.ACTIVE, 1)

    def test_parks_a_compensation_at_once_and_undoes_the_others(self):
        move, told = moved(YES, YES, NO, BROKEN)
        undone, more = moved(YES, progress=move.progress)

        assert (move.parked, move.progress.step, move.progress.states[1]) == (True, 0, State.COMP_PARKED)
        assert undone.progress.states[:2] == (State.COMPENSATED, State.COMP_PARKED)
        folds([*told, *more], undone.progress)

    def test_parks_a_step_after_the_pivot_at_once_and_goes_on_trying(self):
        move, _ = moved(YES, YES, YES, BROKEN)
        done, _ = moved(YES, progress=move.progress)

        assert (move.parked, move.progress.states[3]) == (True, State.PARKED)
        assert (done.freed, done.progress.status) == (True, Status.COMPLETED)


class TestAnUnknownOutcome:
    def test_stays_unknown_until_the_outside_world_answers(self):
        move, told = moved(MAYBE, OOPS)
        done, _ = moved(YES, progress=move.progress)

        assert move.progress.states[0] is State.UNKNOWN
        assert done.progress.states[0] is State.COMPLETED
        folds(told, move.progress)

    def test_is_told_of_when_it_first_comes_however_many_failures_there_were(self):
        move, told = moved(*[OOPS] * 5, MAYBE, OOPS, MAYBE, MAYBE)

        assert [(one.kind, one.data["failures"]) for one in told[5:]] == [("unknown", 6), ("unknown", 8)]
        folds(told, move.progress)


class TestTwoParkedCompensations:
    @pytest.fixture
    def parked(self):
        """Both compensations have spent their tries."""
        return moved(YES, YES, NO, BROKEN, BROKEN)

    def test_keep_their_history_short_and_take_turns(self, parked):
        move, told = parked
        tried = []
        for _ in range(2000):
            tried.append(move.progress.step)
            move, more = moved(OOPS, progress=move.progress)
            told += more

        assert tried == [1, 0] * 1000
        assert len(told) == 5 + 2 * len([128, 256, 512, 1024])
        assert {one.data["failures"] for one in told[5:]} == {128, 256, 512, 1024}
        folds(told, move.progress)

    @pytest.mark.parametrize("tries", range(4))
    def test_lead_a_history_to_the_same_end_whichever_is_undone_first(self, parked, tries):
        move, told = parked
        for outcome in (*[OOPS] * tries, YES, OOPS, YES):
            move, more = moved(outcome, progress=move.progress)
            told += more

        assert move.progress.status is Status.FAILED
        folds(told, move.progress)


@pytest.mark.committed(databases=["orders", "catalog"])
@pytest.mark.usefixtures("house")
class TestTheEngine:
    def test_counts_the_time_of_a_step_from_its_first_failure_by_the_databases_clock(self):
        guest = order()
        FAULTS["weigh"] = [ValueError("no scales")] * 2
        begun(guest)

        lanes.run_batch("kitchen")
        first = row(guest.saga_id)
        expire_lease(guest.saga_id)
        lanes.run_batch("kitchen")
        second = row(guest.saga_id)
        drain(LANES)

        assert abs((first.failing_since - first.updated_at).total_seconds()) < 1
        assert (second.failures, second.failing_since) == (2, first.failing_since)
        assert (row(guest.saga_id).status, row(guest.saga_id).failing_since) == ("completed", None)

    def test_turns_back_when_the_time_is_up(self):
        guest = order()
        FAULTS["brew"] = [ValueError("no fire")] * 2
        begun(guest)
        lanes.run_batch("kitchen")
        SagaTransaction.objects.filter(id=guest.saga_id).update(
            failing_since=clock.now() - timedelta(seconds=tea.AT_ONCE.elapsed_seconds)
        )

        drain(LANES)

        assert row(guest.saga_id).status == "failed"
        assert SagaEvent.objects.get(saga_id=guest.saga_id, kind="failed", data__spent=True).data["failures"] == 2
        assert effects(guest.order_id).count("brew") == 0
        assert broken_histories(guest.saga_id) == []

    def test_turns_back_at_once_for_a_failure_that_no_retry_helps(self):
        hopeless, hopeful = order(), order()
        FAULTS["weigh"] = [tea.HouseOnFire("run")]
        begun(hopeless)
        drain(LANES)
        FAULTS["weigh"] = [tea.KitchenOnFire("run")]
        begun(hopeful)
        drain(LANES)

        assert row(hopeless.saga_id).cause["details"]["error"] == "HouseOnFire: run"
        assert row(hopeless.saga_id).status == "failed"
        assert row(hopeful.saga_id).status == "completed"
        assert broken_histories(hopeless.saga_id, hopeful.saga_id) == []

    def test_opens_a_dead_letter_that_counts_the_tries_of_its_own_step(self):
        guest = order(price=500)
        FAULTS["give_back"] = [ValueError("the till is locked")] * 7
        begun(guest)
        drain(["kitchen"])
        for _ in range(6):
            lanes.run_batch("till")
            expire_lease(guest.saga_id)
        opened = SagaDeadLetter.objects.get(saga_id=guest.saga_id)
        for _ in range(4):
            drain(LANES)
            expire_lease(guest.saga_id)
        resolved = SagaDeadLetter.objects.get(saga_id=guest.saga_id)

        assert (opened.step, opened.state, opened.attempts) == ("take_money", "open", 5)
        assert (resolved.state, resolved.attempts) == ("resolved", 7)

    def test_finds_nothing_wrong_with_a_saga_wherever_it_stands_among_its_parked_compensations(self):
        guest = order(price=500)
        FAULTS["give_back"] = [ValueError("the till is locked")] * 8
        FAULTS["pour_away"] = [ValueError("the sink is full")] * 8
        begun(guest)
        drain(["kitchen"])
        stood = []
        for _ in range(18):
            lanes.run_batch("till")
            lanes.run_batch("kitchen")
            expire_lease(guest.saga_id)
            stood.append(row(guest.saga_id).step)
            assert broken_histories(guest.saga_id) == []

        assert set(stood) == {1, 2, 3}
        assert len(SagaEvent.objects.filter(saga_id=guest.saga_id, kind="failed")) == 12
