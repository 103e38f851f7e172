"""The executing side of a participant: chains in, outcomes out."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import pytest

from apps.core.ids import new_id
from apps.sagas.delivery import execute
from apps.sagas.messages import Call, Command, Direction
from apps.sagas.progress import Answered, Failed, Refused

from .tea import Brew, GiveBack, PourAway, TakeMoney, Unweigh, Wash, Weigh
from .tea_house import CALLS, FAULTS, POISON, effects, kitchen, till

pytestmark = [pytest.mark.committed(databases=["orders", "catalog"]), pytest.mark.usefixtures("house")]


def chain(*commands: Command, backward: bool = False) -> list[Call[Any]]:
    """Return calls of one saga, whose id is its order's."""
    direction = Direction.BACKWARD if backward else Direction.FORWARD
    return [
        Call(saga_id=command.order_id, step=type(command).__name__, direction=direction, epoch=0, command=command)  # type: ignore[attr-defined]
        for command in commands
    ]


def tea(order_id: UUID, leaves: str = "oolong") -> list[Call[Any]]:
    return chain(Weigh(order_id=order_id, leaves=leaves), Brew(order_id=order_id, leaves=leaves))


def kinds(outcomes: Sequence[object]) -> list[type]:
    return [type(outcome) for outcome in outcomes]


class TestExecute:
    def test_runs_a_chain_to_its_end(self):
        order_id = new_id()

        outcomes = execute(kitchen, [tea(order_id)])

        assert kinds(outcomes[order_id]) == [Answered, Answered]
        assert effects(order_id) == ["weigh", "brew"]

    def test_calls_each_handler_once_for_a_batch(self):
        execute(kitchen, [tea(new_id()) for _ in range(20)])

        assert (CALLS["weigh"], CALLS["brew"], CALLS["brew commands"]) == (1, 1, 20)

    def test_stops_a_chain_at_a_refusal_and_goes_on_with_the_others(self):
        dry, wet = new_id(), new_id()

        outcomes = execute(kitchen, [tea(dry, leaves="none"), tea(wet)])

        assert kinds(outcomes[dry]) == [Refused]
        assert kinds(outcomes[wet]) == [Answered, Answered]
        assert effects(dry) == ["weigh"]

    def test_takes_up_a_chain_whose_first_calls_were_answered_before(self):
        order_id = new_id()
        execute(kitchen, [tea(order_id)[:1]])

        outcomes = execute(kitchen, [tea(order_id)])

        assert kinds(outcomes[order_id]) == [Answered, Answered]
        assert effects(order_id) == ["weigh", "brew"]

    def test_refuses_another_request_under_an_identity_that_is_known(self):
        order_id = new_id()
        execute(kitchen, [tea(order_id)])

        outcomes = execute(kitchen, [tea(order_id, leaves="earl grey")])

        assert kinds(outcomes[order_id]) == [Failed]
        assert "another request was handled under this identity" in str(outcomes[order_id][0])
        assert effects(order_id) == ["weigh", "brew"]

    def test_does_not_act_outside_again_once_the_reply_is_stored(self):
        order_id = new_id()
        execute(till, [chain(TakeMoney(order_id=order_id, price=3))])

        outcomes = execute(till, [chain(TakeMoney(order_id=order_id, price=3))])

        assert kinds(outcomes[order_id]) == [Answered]
        assert CALLS["asked the bank"] == 1

    def test_stops_before_an_effect_in_the_outside_world(self):
        order_id = new_id()
        both = chain(GiveBack(order_id=order_id), TakeMoney(order_id=order_id, price=3), backward=True)

        outcomes = execute(till, [both])

        assert kinds(outcomes[order_id]) == [Answered]
        assert "intend" not in effects(order_id)

    def test_fails_the_culprit_of_a_batch_alone(self):
        good, bad = [new_id() for _ in range(5)], new_id()
        POISON.add(bad)

        outcomes = execute(kitchen, [tea(order_id) for order_id in (*good, bad)])

        assert kinds(outcomes[bad]) == [Failed]
        assert {tuple(kinds(outcomes[order_id])) for order_id in good} == {(Answered, Answered)}
        assert effects(bad) == []

    def test_fails_a_command_that_nobody_handles(self):
        order_id = new_id()

        outcomes = execute(kitchen, [chain(TakeMoney(order_id=order_id, price=3))])

        assert kinds(outcomes[order_id]) == [Failed]

    def test_parts_ways_and_kinds_into_transactions_of_their_own(self):
        done, undone = new_id(), new_id()
        FAULTS["wash"] = [ValueError("no water")]
        back = chain(PourAway(order_id=undone), Unweigh(order_id=undone), backward=True)

        outcomes = execute(kitchen, [chain(Wash(order_id=done)), back])

        assert kinds(outcomes[done]) == [Failed]
        assert kinds(outcomes[undone]) == [Answered, Answered]
