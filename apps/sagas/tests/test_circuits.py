"""What the circuit breaker of a lane makes of silence, with a clock that the test turns."""

from uuid import uuid4

import pytest
from prometheus_client import REGISTRY

from apps.sagas.circuits import LaneCircuit
from apps.sagas.progress import Answered, Failed, Outcome, Postponed, Refused

AWAY = Postponed(error="no route", seconds=2.0)
SILENT = Postponed(error="no answer", seconds=2.0, asked=True)


class Clock:
    """A clock that a test turns."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def circuit(clock) -> LaneCircuit:
    return LaneCircuit("test", clock=clock)


def met(circuit: LaneCircuit, outcome: Outcome, sagas: int = 3) -> list[Outcome]:
    """Tell the circuit that so many sagas met that outcome; return how it counts."""
    return [one for (one,) in circuit.judged({uuid4(): (outcome,) for _ in range(sagas)}).values()]


def is_told_open(lane: str) -> float | None:
    return REGISTRY.get_sample_value("saga_lane_circuit_open", {"lane": lane})


class TestLaneCircuit:
    @pytest.mark.parametrize(
        "answer",
        [
            Answered(),
            Refused(code="declined", message="The card was declined."),
            Failed(error="ValueError: odd"),
            Postponed(error="UnknownCommand: an older release", seconds=30.0, answered=True),
        ],
    )
    def test_lets_whole_batches_pass_whatever_is_answered(self, circuit, answer):
        assert met(circuit, answer) == [answer] * 3
        assert (circuit.limit(100), circuit.is_open, is_told_open("test")) == (100, False, 0)

    @pytest.mark.parametrize("silence", [AWAY, SILENT])
    def test_rests_after_silence_and_then_lets_one_saga_try(self, circuit, clock, silence):
        assert met(circuit, silence) == [silence] * 3

        assert (circuit.limit(100), circuit.is_open, is_told_open("test")) == (0, True, 1)
        clock.now += 0.25
        assert circuit.limit(100) == 1

    def test_rests_longer_after_each_silence_up_to_a_limit(self, circuit, clock, settings):
        settings.SAGA_PROBE_SECONDS = 3.0
        rests = []
        for _ in range(6):
            met(circuit, AWAY)
            began = clock.now
            while not circuit.limit(100):
                clock.now += 0.25
            rests.append(clock.now - began)

        assert rests == [0.25, 0.5, 1.0, 2.0, 3.0, 3.0]

    def test_takes_ever_more_after_the_first_answer(self, circuit, clock):
        met(circuit, AWAY)
        clock.now += 1
        claimed = []
        for _ in range(5):
            claimed.append(circuit.limit(100))
            met(circuit, Answered())

        assert claimed == [1, 4, 16, 64, 100]
        assert (circuit.is_open, is_told_open("test")) == (False, 0)

    def test_begins_with_short_rests_again_after_an_answer(self, circuit, clock):
        for _ in range(5):
            met(circuit, AWAY)
        clock.now += 5
        met(circuit, Answered())
        met(circuit, AWAY)

        clock.now += 0.25
        assert circuit.limit(100) == 1

    def test_stays_closed_when_one_of_a_batch_got_through(self, circuit):
        circuit.judged({uuid4(): (AWAY,), uuid4(): (Failed(error="odd"),)})

        assert (circuit.is_open, circuit.limit(100)) == (False, 100)

    @pytest.mark.parametrize("silence", [AWAY, SILENT])
    def test_stays_closed_for_silence_that_one_saga_alone_meets(self, circuit, silence):
        lonely = uuid4()
        for _ in range(5):
            circuit.judged({lonely: (silence,)})

        assert (circuit.is_open, circuit.limit(100), is_told_open("test")) == (False, 100, 0)

    def test_counts_silence_that_one_saga_alone_met_as_its_own(self, circuit):
        first, second = uuid4(), uuid4()
        judged = [circuit.judged({saga_id: (SILENT,)})[saga_id][0] for saga_id in (first, first, second, first)]
        met(circuit, Answered())
        judged.append(circuit.judged({first: (SILENT,)})[first][0])

        names = [type(outcome).__name__ for outcome in judged]
        assert names == ["Unknown", "Unknown", "Postponed", "Postponed", "Unknown"]

    def test_never_counts_it_against_anybody_that_nobody_could_be_asked(self, circuit):
        assert met(circuit, AWAY, sagas=1) == [AWAY]

    def test_takes_no_word_from_a_claim_that_asked_nobody(self, circuit):
        met(circuit, AWAY)

        assert circuit.judged({}) == {}
        assert circuit.is_open

    def test_takes_no_word_for_the_gateway_from_what_the_database_answered_beside_it(self, circuit, clock):
        beside = {uuid4(): (SILENT,), uuid4(): (SILENT,), uuid4(): (Answered(),)}

        assert circuit.judged(beside) == beside
        assert not circuit.is_open
        met(circuit, SILENT)
        clock.now += 1
        assert circuit.judged(beside) == beside
        assert circuit.is_open

    def test_closes_when_nothing_was_due_for_long(self, circuit, clock):
        met(circuit, AWAY)

        clock.now += 60.0
        assert (circuit.limit(100), is_told_open("test")) == (1, 1)
        clock.now += 1.0
        assert (circuit.limit(100), is_told_open("test")) == (100, 0)
