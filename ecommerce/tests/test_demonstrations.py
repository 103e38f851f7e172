"""The demonstrations' verdict, in small: what is claimed and does not hold must be seen, and fail the run."""

from collections.abc import Callable
from io import StringIO
from typing import cast

import pytest
from rich.console import Console

from apps.core.exceptions import DomainError
from ecommerce.demonstrations.playing import Demonstration, Shown, judge, perform
from ecommerce.demonstrations.stage import Stage
from ecommerce.demonstrations.telling import Teller

NOTHING_LOST, NOT_PAID_TWICE = "no order is lost", "nobody pays twice"
NOWHERE = cast(Stage, None)


def honest(stage: Stage) -> Shown:
    return Shown(claims=[(NOTHING_LOST, True)], faults={"worker killed": 3}, placed=40)


def disproved(stage: Stage) -> Shown:
    return Shown(claims=[(NOTHING_LOST, True), (NOT_PAID_TWICE, False)], placed=40, doubled=1)


def empty(stage: Stage) -> Shown:
    return Shown(claims=[])


def broken_off(stage: Stage) -> Shown:
    raise AssertionError("3 sagas do not end")


def refused(stage: Stage) -> Shown:
    raise DomainError("nobody answers")


def played(*plays: Callable[[Stage], Shown]) -> tuple[int, str]:
    """Play these; return what the program exits with, and what it printed."""
    printed = StringIO()
    teller = Teller(Console(file=printed, width=200))
    demonstrations = [Demonstration(title=play.__name__, play=play) for play in plays]
    return judge(list(perform(demonstrations, NOWHERE, teller)), teller), printed.getvalue()


class TestTheVerdict:
    def test_is_zero_when_every_claim_held(self):
        code, printed = played(honest, honest)

        assert code == 0
        assert printed.count(f"yes  {NOTHING_LOST}") == 2
        assert "NOT SHOWN" not in printed

    @pytest.mark.parametrize(
        ("play", "said"),
        [
            (disproved, NOT_PAID_TWICE),
            (empty, "it claims nothing"),
            (broken_off, "AssertionError: 3 sagas do not end"),
            (refused, "DomainError: nobody answers"),
        ],
    )
    def test_is_one_when_one_did_not_and_the_others_are_played_all_the_same(self, play, said):
        code, printed = played(honest, play, honest)

        assert code == 1
        assert f"NOT SHOWN {said}" in printed
        assert printed.count(f"yes  {NOTHING_LOST}") >= 2

    def test_is_one_when_nothing_was_played(self):
        assert played()[0] == 1

    def test_has_the_figures_of_each(self):
        _, printed = played(honest)

        (row,) = [line for line in printed.splitlines() if line.startswith("honest ")]
        assert row.split()[:7] == ["honest", "worker", "killed:", "3", "40", "0", "0"]
