"""What the outside world said is recorded whatever happens to the recording: nobody asks it again for that."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest
from django.db import OperationalError

from apps.core.ids import new_id
from apps.sagas.delivery import execute
from apps.sagas.messages import Call, Command, Direction, Reply
from apps.sagas.participant import PARTICIPANTS, Participant
from apps.sagas.progress import Answered, Failed, Postponed

from . import tea
from .tea_house import BANK, CALLS, FAULTS, effects, till

pytestmark = [pytest.mark.committed(databases=["orders", "catalog"]), pytest.mark.usefixtures("house")]


def lost(sqlstate: str) -> OperationalError:
    """Return what Django raises for that SQLSTATE."""
    error = OperationalError("lost")
    error.__cause__ = psycopg.errors.lookup(sqlstate)("lost")
    return error


def charge(price: int = 3) -> list[Call[Any]]:
    order_id = new_id()
    command = tea.TakeMoney(order_id=order_id, price=price)
    return [Call(saga_id=order_id, step="take_money", direction=Direction.FORWARD, epoch=0, command=command)]


class TestALostRace:
    @pytest.mark.parametrize("sqlstate", ["40001", "40P01", "55P03"])
    def test_is_run_again_with_the_answers_in_hand(self, sqlstate):
        chains = [charge(), charge()]
        FAULTS["record"] = [lost(sqlstate)] * 2

        outcomes = execute(till, chains)

        assert [type(outcome) for (outcome,) in outcomes.values()] == [Answered, Answered]
        assert (CALLS["intend"], CALLS["asked the bank"], CALLS["record"]) == (1, 2, 3)
        assert [effects(saga_id) for saga_id in outcomes] == [["intend", "record"]] * 2

    def test_that_is_lost_for_ever_costs_each_half_one_try_more(self):
        FAULTS["record"] = [lost("55P03")] * 100

        outcomes = execute(till, [charge() for _ in range(4)])

        assert [type(outcome) for (outcome,) in outcomes.values()] == [Failed] * 4
        assert (CALLS["asked the bank"], CALLS["record"]) == (4, 3 + 2 + 4)


class TestACulprit:
    def test_fails_alone_and_the_others_are_recorded_without_asking_again(self):
        chains = [charge() for _ in range(4)]
        FAULTS["record"] = [ValueError("odd")] * 3

        outcomes = execute(till, chains)

        assert sorted(type(outcome).__name__ for (outcome,) in outcomes.values()) == ["Answered"] * 3 + ["Failed"]
        assert (CALLS["intend"], CALLS["asked the bank"], len(BANK)) == (1, 4, 4)


class TestADatabaseThatGoesAway:
    def test_postpones_what_could_not_be_recorded(self):
        FAULTS["record"] = [OperationalError("the connection is closed")]

        outcomes = execute(till, [charge()])

        assert [type(outcome) for (outcome,) in outcomes.values()] == [Postponed]


@dataclass(frozen=True)
class PourCommand(Command):
    """Pour something; the test says nothing of what."""

    participant = "bar"


@pytest.fixture
def bar() -> Iterator[Participant]:
    """A participant that is registered for one test."""
    yield Participant("bar", database="catalog")
    del PARTICIPANTS["bar"]


class TestTwoWorkersAtOneCall:
    def test_both_learn_the_answer_that_was_recorded_first(self, bar):
        asked: Counter[str] = Counter()
        heard: list[Any] = []
        call = Call(saga_id=new_id(), step="pour", direction=Direction.FORWARD, epoch=0, command=PourCommand())

        @bar.performs(PourCommand)
        class Pour:
            def prepare(self, calls: Sequence[Call[Any]]) -> list[int]:
                return [1 for _ in calls]

            def perform(self, works: Sequence[int]) -> list[int]:
                asked["perform"] += 1
                if asked["perform"] == 1:
                    # While this worker waits for its answer, another one takes the same call and is quicker.
                    heard.append(execute(bar, [[call]]))
                return [asked["perform"] for _ in works]

            def record(self, works: Sequence[int], results: Sequence[int]) -> list[Reply]:
                asked["record"] += 1
                return [tea.Done() for _ in works]

        outcomes = execute(bar, [[call]])

        assert outcomes == heard[0]
        assert [type(outcome) for (outcome,) in outcomes.values()] == [Answered]
        assert asked == {"perform": 2, "record": 2}
