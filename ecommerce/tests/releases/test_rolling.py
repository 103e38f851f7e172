"""A rolling deploy, forwards and backwards, with sagas of both versions under way and real worker processes."""

import json
import os
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from apps.core.ids import new_id
from apps.core.testing.waiting import eventually
from apps.sagas.models import ArchivedSaga, SagaSubject, SagaTransaction
from apps.sagas.orchestrator import Start
from apps.sagas.tests import tea_house
from apps.sagas.tests.tea_house import begun, order, row
from apps.sagas.tests.tea_next import SERVE_TEA_2, named
from apps.sagas.verification import find_broken_histories
from ecommerce.testing.processes import PYTHON, ROOT, Process
from ecommerce.testing.stack import ALIASES, database_url

pytestmark = pytest.mark.committed(databases=list(ALIASES))

WARM = ["weigh", "warm_the_pot", "brew", "intend", "record", "wash"]
COLD = ["weigh", "brew", "intend", "record", "wash"]
LONG_ENOUGH = 1.5
"""Seconds in which an idle worker looks at its lanes at least twice."""
Worker = Callable[..., Process]


def code_of(release: str) -> dict[str, str]:
    """Return the environment of a process with the code of that release, on the test databases."""
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": f"ecommerce.tests.releases.{release}.settings",
        **{f"{alias.upper()}_DATABASE_URL": database_url(alias) for alias in ALIASES},
    }


def manage(release: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a command with the code of a release."""
    command = [PYTHON, "manage.py", *arguments]
    return subprocess.run(
        command, env=code_of(release), cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )


@pytest.fixture(autouse=True)
def house() -> Iterator[None]:
    """The tea house with its tables, and no tea under way before or after."""

    def clear() -> None:
        for model in (SagaTransaction, ArchivedSaga, SagaSubject):
            model.objects.filter(definition="serve_tea").delete()

    tea_house.make_tables()
    clear()
    yield
    clear()
    tea_house.drop_tables()


@pytest.fixture
def worker(tmp_path: Path) -> Iterator[Worker]:
    """Starts a worker process with the code of a release; all are stopped in the end."""
    started: list[Process] = []

    def start(release: str, *lanes: str) -> Process:
        parts = [part for lane in lanes or tea_house.LANES for part in ("--lane", lane)]
        command = [PYTHON, "manage.py", "saga", "worker", *parts]
        process = Process(f"{release}-{len(started)}", command, code_of(release), tmp_path).start()
        started.append(process)
        return process

    yield start
    for process in started:
        process.stop()


def old_orders(count: int) -> list[Start]:
    return [order() for _ in range(count)]


def new_orders(count: int) -> list[Start]:
    """Orders as the web of the new release begins them."""
    return [
        Start(
            saga=SERVE_TEA_2,
            saga_id=new_id(),
            subject_id=tea.subject_id,
            order_id=tea.order_id,
            data=named(tea.data),
        )
        for tea in old_orders(count)
    ]


def served(teas: Sequence[Start]) -> bool:
    return all(row(tea.saga_id).status == "completed" for tea in teas)


def untouched(teas: Sequence[Start]) -> bool:
    rows = [row(tea.saga_id) for tea in teas]
    return all((saga.attempt, saga.lease, saga.seq) == (0, None, 1) for saga in rows)


def drunk(teas: Sequence[Start]) -> list[list[str]]:
    return [tea_house.effects(tea.order_id) for tea in teas]


def broken(teas: Sequence[Start]) -> list[str]:
    ids = {tea.saga_id for tea in teas}
    return [finding.problem for finding in find_broken_histories() if finding.saga_id in ids]


class TestForwards:
    def test_old_code_leaves_the_new_version_to_new_code(self, worker: Worker) -> None:
        old, new = old_orders(3), new_orders(3)
        begun(*new, *old)

        worker("old")
        eventually(lambda: served(old), seconds=20, what="the old version's end")
        time.sleep(LONG_ENOUGH)
        assert untouched(new)

        worker("new")
        eventually(lambda: served(new), seconds=20, what="the new version's end")
        assert (drunk(old), drunk(new)) == ([COLD] * 3, [WARM] * 3)

    def test_both_work_side_by_side_on_what_each_knows(self, worker: Worker) -> None:
        worker("old")
        worker("new")
        old, new = old_orders(40), new_orders(40)
        for pair in zip(old, new, strict=True):
            begun(*pair)

        eventually(lambda: served([*old, *new]), seconds=40, what="the end of both versions")

        assert (drunk(old), drunk(new)) == ([COLD] * 40, [WARM] * 40)

    def test_new_code_carries_on_what_old_code_began(self, worker: Worker) -> None:
        old = old_orders(3)
        begun(*old)
        first = worker("old", "kitchen")
        eventually(lambda: all(row(tea.saga_id).lane == "till" for tea in old), seconds=20, what="brewed tea")
        first.stop()

        worker("new")

        eventually(lambda: served(old), seconds=20, what="the old version's end")
        assert drunk(old) == [COLD] * 3
        assert broken(old) == []

    def test_new_code_moves_what_lives_and_then_alone_carries_it_on(self, worker: Worker) -> None:
        old = old_orders(3)
        begun(*old)

        moved = manage("new", "saga", "migrate", "serve_tea", "--from", "1", "--to", "2", "--reason", "Warm pots.")
        assert (moved.returncode, moved.stdout) == (0, "3 moved\n")
        worker("old")
        worker("newest")

        eventually(lambda: served(old), seconds=20, what="the moved sagas' end")
        assert drunk(old) == [WARM] * 3


class TestBackwards:
    def test_old_code_goes_on_with_its_own_and_the_new_version_waits(self, worker: Worker) -> None:
        new = new_orders(3)
        begun(*new)
        first = worker("new", "kitchen")
        eventually(lambda: all(row(tea.saga_id).lane == "till" for tea in new), seconds=20, what="brewed tea")
        first.stop()
        stood = [(row(tea.saga_id).seq, row(tea.saga_id).attempt) for tea in new]

        old = old_orders(3)
        begun(*old)
        worker("old")
        eventually(lambda: served(old), seconds=20, what="the old version's end")
        time.sleep(LONG_ENOUGH)

        assert [(row(tea.saga_id).seq, row(tea.saga_id).attempt) for tea in new] == stood
        worker("new")
        eventually(lambda: served(new), seconds=20, what="the new version's end")
        assert drunk(new) == [WARM] * 3

    def test_old_code_says_that_it_leaves_the_new_version_alone(self) -> None:
        begun(*new_orders(3))

        versions, check = manage("old", "saga", "versions", "--json"), manage("old", "check", "--database", "orders")

        (unknown,) = [one for one in json.loads(versions.stdout) if one["version"] == 2]
        assert (unknown["definition"], unknown["registered"], unknown["living"]) == ("serve_tea", False, 3)
        assert (versions.returncode, check.returncode) == (0, 0)
        assert "sagas.W001" in check.stderr


class TestAVersionThatWasTakenAwayTooSoon:
    def test_keeps_its_sagas_and_refuses_whoever_would_strand_them(self, worker: Worker) -> None:
        old = old_orders(3)
        begun(*old)

        refused = manage("newest", "saga", "worker", "--lane", "kitchen", "--once")
        check = manage("newest", "check", "--database", "orders")

        assert refused.returncode == check.returncode == 1
        assert "3 sagas of serve_tea version 1 live, which this code does not have" in refused.stderr
        assert "manage.py saga migrate serve_tea --from 1 --to 2 --reason" in refused.stderr
        assert "sagas.E003" in check.stderr
        assert untouched(old)

        worker("old")
        eventually(lambda: served(old), seconds=20, what="the old version's end")
        assert manage("newest", "saga", "worker", "--lane", "kitchen", "--once").returncode == 0
