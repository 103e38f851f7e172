"""A saga is declared in an order that can be undone, or not at all."""

from dataclasses import dataclass

import pytest

from apps.sagas.definition import Cause, InvalidDefinition, Kind, NothingToRun, Saga, compensatable, pivot, retriable
from apps.sagas.messages import Command, Direction


@dataclass(frozen=True, slots=True, kw_only=True)
class Tea:
    """The data of the sagas here."""

    leaves: str


class KitchenCommand(Command):
    participant = "kitchen"


@dataclass(frozen=True, slots=True, kw_only=True)
class Brew(KitchenCommand):
    leaves: str


def brew(tea: Tea) -> Brew:
    return Brew(leaves=tea.leaves)


def pour_away(tea: Tea, cause: Cause) -> Brew:
    return Brew(leaves=tea.leaves)


def unannotated(tea):
    return Brew(leaves=tea.leaves)


class TestSaga:
    def test_is_accepted_in_the_order_compensatable_pivot_retriable(self):
        saga = Saga(
            "tea",
            version=1,
            data=Tea,
            steps=(compensatable("brew", do=brew, undo=pour_away), pivot("serve", do=brew), retriable("wash", do=brew)),
        )

        assert [step.kind for step in saga.steps] == [Kind.COMPENSATABLE, Kind.PIVOT, Kind.RETRIABLE]
        assert saga.pivot == 1
        assert saga.index("wash") == 2

    @pytest.mark.parametrize(
        ("steps", "sentence"),
        [
            ((compensatable("brew", do=brew, undo=pour_away),), "tea must have exactly one pivot, it has 0"),
            ((pivot("serve", do=brew), pivot("again", do=brew)), "tea must have exactly one pivot, it has 2"),
            (
                (retriable("wash", do=brew), pivot("serve", do=brew)),
                "tea: wash stands before the pivot, so it must be compensatable",
            ),
            (
                (pivot("serve", do=brew), compensatable("brew", do=brew, undo=pour_away)),
                "tea: brew stands after the pivot, so it must be retriable",
            ),
            (
                (compensatable("a", do=brew, undo=pour_away), compensatable("b", undo=pour_away), pivot("c", do=brew)),
                "tea: b has nothing to do, so it must stand first",
            ),
            ((pivot("serve", do=brew), retriable("serve", do=brew)), "tea has two steps named serve"),
            ((pivot("serve", do=unannotated),), "unannotated must say which command it returns"),
        ],
    )
    def test_is_refused_with_the_rule_it_breaks(self, steps, sentence):
        with pytest.raises(InvalidDefinition, match=sentence):
            Saga("tea", version=1, data=Tea, steps=steps)


class TestStep:
    def test_names_the_participant_of_its_command(self):
        step = compensatable("brew", do=brew, undo=pour_away)

        assert step.participant(Direction.FORWARD) == "kitchen"
        assert step.participant(Direction.BACKWARD) == "kitchen"

    def test_has_no_participant_where_it_runs_nothing(self):
        with pytest.raises(NothingToRun, match="brew has nothing to run forward"):
            compensatable("brew", undo=pour_away).participant(Direction.FORWARD)
