"""A definition whose steps stand in the wrong place is refused when the project starts."""

import subprocess
import sys
from dataclasses import dataclass, replace

import pytest
from django.core.checks import run_checks

from apps.sagas.checks import wrong_places
from apps.sagas.definition import Cause, Saga, compensatable, pivot, retriable
from apps.sagas.messages import Command
from apps.sagas.registry import SAGAS

from . import tea, tea_house


class CellarCommand(Command):
    participant = "cellar"


@dataclass(frozen=True)
class Fetch(CellarCommand):
    """Nobody handles it."""


def fetch(order: tea.TeaOrder) -> Fetch:
    raise NotImplementedError


def put_back(order: tea.TeaOrder, cause: Cause) -> Fetch:
    raise NotImplementedError


def said(saga: Saga) -> list[str]:
    return [error.msg for error in wrong_places(saga)]


def with_steps(*steps):
    return replace(tea.SERVE_TEA, name="misplaced", steps=steps)


class TestTheTeaHouse:
    def test_stands_where_these_tests_rely_on(self):
        assert (tea_house.kitchen.database, tea_house.house.database) == ("catalog", "orders")


class TestWrongPlaces:
    def test_are_none_in_the_sagas_that_are_registered(self):
        assert [error for saga in SAGAS.values() for error in wrong_places(saga)] == []

    def test_are_told_of_a_pivot_outside_the_database_of_sagas(self):
        saga = with_steps(pivot("brew", do=tea.brew), retriable("wash", do=tea.wash))

        assert said(saga) == [
            "misplaced version 1: brew forward runs in the database catalog, but sagas live in orders"
        ]

    def test_are_told_of_a_first_step_that_the_beginning_commit_cannot_have_written(self):
        saga = with_steps(compensatable("brew", undo=tea.pour_away), pivot("serve", do=tea.serve))

        assert said(saga) == [
            "misplaced version 1: brew backward runs in the database catalog, but sagas live in orders"
        ]

    def test_are_told_of_a_participant_that_does_not_exist(self):
        saga = with_steps(compensatable("fetch", do=fetch, undo=put_back), pivot("serve", do=tea.serve))

        assert said(saga) == [
            "misplaced version 1: fetch forward is asked of cellar, which no handlers module registers",
            "misplaced version 1: fetch backward is asked of cellar, which no handlers module registers",
        ]


class TestDjangosChecks:
    def test_ask_it_in_every_process(self):
        code = (
            "import django; django.setup();"
            "from django.core.checks.registry import registry; print(registry.get_checks())"
        )

        asked = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

        assert "check_participants" in asked.stdout

    @pytest.fixture
    def misplaced(self):
        """A registered saga whose pivot is in the kitchen."""
        saga = with_steps(pivot("brew", do=tea.brew))
        SAGAS[saga.name, saga.version] = saga
        yield saga
        del SAGAS[saga.name, saga.version]

    def test_refuse_to_start_with_such_a_saga(self, misplaced):
        assert [error.id for error in run_checks() if not error.is_silenced()] == ["sagas.E002"]
