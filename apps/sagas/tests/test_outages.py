"""While nobody answers on a lane's other side, its sagas keep their tries, and the other lanes their pace."""

import psycopg
import pytest
from django.db import OperationalError

from apps.sagas import circuits, lanes
from apps.sagas.circuits import CIRCUITS, LaneCircuit, circuit_of
from apps.sagas.models import SagaEvent, SagaTransaction
from apps.sagas.orchestrator import Start
from apps.sagas.testing import drain
from apps.sagas.verification import find_broken_histories

from .dying import Killed
from .tea_house import BANK_DEAF, BANK_DOWN, CALLS, FAULTS, LANES, begun, effects, order, row

BATCH = 20


class Clock:
    """The clock of the till's circuit, turned by the test."""

    def __init__(self) -> None:
        self.now = 0.0
        CIRCUITS["till"] = LaneCircuit("till", clock=lambda: self.now)

    def probe(self) -> int:
        """Look at the till when its circuit lets somebody try next; return how many sagas were claimed."""
        while not circuit_of("till").limit(BATCH):
            self.now += 0.25
        everybody_is_due()
        return lanes.run_batch("till")


@pytest.fixture
def clock(house, settings) -> Clock:
    settings.SAGA_BATCH = BATCH
    return Clock()


def everybody_is_due() -> None:
    SagaTransaction.objects.filter(finished_at=None).update(due_at="2020-01-01T00:00:00Z")


def at_the_till(*teas: Start) -> list[Start]:
    """Begin sagas, and have the kitchen do its part."""
    begun(*teas)
    while lanes.run_batch("kitchen"):
        pass
    return list(teas)


def it_is_over(clock: Clock) -> None:
    """Let the bank open again, everybody come due, and all that is due be done."""
    BANK_DOWN.clear()
    FAULTS.clear()
    clock.probe()
    everybody_is_due()
    while lanes.run_batch("till"):
        pass
    drain(LANES)


def rows(teas: list[Start]) -> list[SagaTransaction]:
    return list(SagaTransaction.objects.filter(id__in=[one.saga_id for one in teas]))


def tries(teas: list[Start]) -> set[tuple[int, int]]:
    """Return the failures and attempts that are counted of sagas."""
    return {(saga.failures, saga.attempt) for saga in rows(teas)}


def ends(teas: list[Start]) -> set[str]:
    return {saga.status for saga in rows(teas)}


def went_away() -> OperationalError:
    error = OperationalError("terminating connection due to administrator command")
    error.__cause__ = psycopg.errors.lookup("57P01")("terminating")
    return error


@pytest.mark.committed(databases=["orders", "catalog"])
class TestAnOutage:
    def test_of_the_world_outside_spends_nobodys_try_and_ends_by_itself(self, clock):
        teas = at_the_till(*[order() for _ in range(50)])
        BANK_DOWN.add("an outage")

        claimed = [clock.probe() for _ in range(12)]
        during, asked, lasted = tries(teas), CALLS["asked the bank"], clock.now
        it_is_over(clock)

        # Rests of 0.25, 0.5, 1, 2 and 4 s, then of 5.
        assert (claimed, asked, lasted) == ([BATCH] + [1] * 11, BATCH + 11, 7.75 + 6 * 5)
        assert (during, ends(teas)) == ({(0, 0)}, {"completed"})
        assert find_broken_histories() == []

    def test_of_the_world_outside_is_told_in_the_history_once(self, clock):
        teas = at_the_till(order(), order())
        BANK_DOWN.add("an outage")

        for _ in range(6):
            clock.probe()

        told = SagaEvent.objects.filter(saga_id=teas[0].saga_id, kind="unknown")
        assert row(teas[0].saga_id).states[3] == "unknown"
        assert [event.data for event in told] == [
            {"error": "ConnectionRefusedError: nobody is in", "failures": 0, "postponed": True}
        ]
        assert find_broken_histories() == []

    def test_of_a_database_spends_nobodys_try(self, clock):
        teas = at_the_till(*[order() for _ in range(50)])
        FAULTS["intend"] = [went_away() for _ in range(1000)]

        claimed = [clock.probe() for _ in range(12)]
        during = tries(teas)
        it_is_over(clock)

        assert claimed == [BATCH] + [1] * 11
        assert (during, ends(teas)) == ({(0, 0)}, {"completed"})

    def test_leaves_other_lanes_alone(self, clock):
        BANK_DOWN.add("an outage")
        at_the_till(order(), order())
        lanes.run_batch("till")
        late = [order() for _ in range(40)]
        begun(*late)
        everybody_is_due()

        claimed = [lanes.run_batch(lane) for lane in ("till", "kitchen", "kitchen", "kitchen")]

        assert claimed == [0, 20, 20, 0]
        assert (circuit_of("till").is_open, circuit_of("kitchen").is_open) == (True, False)
        assert {tuple(effects(one.order_id)) for one in late} == {("weigh", "brew")}

    def test_keeps_compensations_waiting_and_lets_them_through_when_it_ends(self, clock):
        refused = at_the_till(*[order(price=200) for _ in range(3)])
        lanes.run_batch("till")
        BANK_DOWN.add("an outage")

        claimed = [clock.probe() for _ in range(12)]
        during, states = tries(refused), {saga.states[3] for saga in rows(refused)}
        it_is_over(clock)

        assert claimed == [3] + [1] * 11
        assert (during, states) == ({(0, 0)}, {"comp_ready"})
        assert ends(refused) == {"failed"}
        assert {tuple(effects(one.order_id))[-3:] for one in refused} == {("give_back", "pour_away", "unweigh")}
        assert find_broken_histories() == []

    def test_lets_nobody_be_carried_on_whose_deadline_passed_meanwhile(self, clock):
        teas = at_the_till(*[order() for _ in range(5)])
        BANK_DOWN.add("an outage")
        clock.probe()
        SagaTransaction.objects.filter(id__in=[one.saga_id for one in teas]).update(deadline_at="2020-01-01T00:00:00Z")

        clock.probe()
        it_is_over(clock)

        assert {(saga.status, saga.cause["code"]) for saga in rows(teas)} == {("failed", "deadline_passed")}
        assert CALLS["record commands"] == 5
        assert find_broken_histories() == []

    def test_outlasts_a_worker_that_dies_while_it_probes(self, clock):
        teas = at_the_till(*[order() for _ in range(5)])
        BANK_DOWN.add("an outage")
        clock.probe()
        FAULTS["intend"] = [Killed()]

        with pytest.raises(Killed):
            clock.probe()
        counted = sorted(saga.attempt for saga in rows(teas))
        circuits.CIRCUITS.clear()
        another = Clock()
        everybody_is_due()
        seen = another.probe()
        it_is_over(another)

        # Its claim counts, as that of any worker that dies; what it knew of the circuit dies with it.
        assert (counted, seen) == ([0, 0, 0, 0, 1], 5)
        assert ends(teas) == {"completed"}
        assert find_broken_histories() == []


@pytest.mark.committed(databases=["orders", "catalog"])
class TestWhatIsNone:
    def rounds(self, clock: Clock, rounds: int) -> list[bool]:
        """Work on the till so often, with everybody due; return whether its circuit was open after each."""
        opened = []
        for _ in range(rounds):
            clock.probe()
            opened.append(circuit_of("till").is_open)
        return opened

    def test_is_that_the_bank_says_no_to_everybody(self, clock):
        refused = at_the_till(*[order(price=200) for _ in range(3)])

        assert self.rounds(clock, 2) == [False, False]
        drain(LANES)
        assert ends(refused) == {"failed"}

    @pytest.mark.parametrize("deaf", [1, 2])
    def test_is_that_some_orders_do_not_get_through_beside_others(self, clock, deaf):
        teas = at_the_till(*[order() for _ in range(5)])
        BANK_DEAF.update(one.order_id for one in teas[:deaf])

        opened = self.rounds(clock, 1)
        drain(LANES)

        assert opened == [False]
        assert tries(teas[:deaf]) == {(1, 0)}
        assert ends(teas[deaf:]) == {"completed"}
        assert find_broken_histories() == []

    def test_is_one_order_that_never_gets_through(self, clock):
        teas = at_the_till(*[order() for _ in range(5)])
        BANK_DEAF.add(teas[0].order_id)

        opened = self.rounds(clock, 3)

        lonely = row(teas[0].saga_id)
        assert opened == [False] * 3
        assert (lonely.status, lonely.cause["code"]) == ("compensating", "outcome_unknown")

    def test_is_one_order_that_nobody_answers_while_there_is_no_other(self, clock):
        (lonely,) = at_the_till(order())
        BANK_DOWN.add("its own fault")

        assert self.rounds(clock, 3) == [False] * 3
        assert (row(lonely.saga_id).status, row(lonely.saga_id).cause["code"]) == ("compensating", "outcome_unknown")
