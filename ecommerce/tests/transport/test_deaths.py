"""Workers on either side of RabbitMQ are killed at every named place, and frozen; the books agree afterwards."""

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import DjangoDbBlocker

from ecommerce.testing.books import let_leases_pass
from ecommerce.testing.processes import Process
from ecommerce.testing.rabbitmq import INSTALLED
from ecommerce.testing.stack import ALIASES, Stack

from .accounts import Sales
from .conftest import Crew

pytestmark = [
    pytest.mark.deployment,
    pytest.mark.committed(databases=ALIASES),
    pytest.mark.skipif(not INSTALLED, reason="needs RabbitMQ: apt-get install rabbitmq-server"),
]
PARTICIPANTS_POINTS = (
    "after_commands_taken",
    "before_participant_commit",
    "after_participant_commit",
    "before_answer",
    "after_answer",
)
ASKING_POINTS = ("after_claim", "after_commands_sent", "before_settle_commit", "after_settle")
MOST_WAVES = 60


@pytest.fixture(scope="module")
def healthy(shop: Stack, django_db_blocker: DjangoDbBlocker) -> Iterator[Crew]:
    """One worker of each kind that nothing happens to."""
    crew = Crew(shop)
    with django_db_blocker.unblock():
        crew.participant("healthy-participant")
        crew.asking("healthy-asking")
        crew.others()
    yield crew
    crew.stop()


def until(sales: Sales, happened: Process, state: str) -> None:
    """Place orders until a process is dead ("") or frozen ("T")."""
    for _ in range(MOST_WAVES):
        sales.place()
        stop_at = time.monotonic() + 0.5
        while time.monotonic() < stop_at:
            if state_of(happened) == state:
                return
            time.sleep(0.02)
    raise AssertionError(f"{happened.name} came past no failpoint: {happened.log.read_text()[-2000:]}")


def state_of(process: Process) -> str:
    """Return a process's state as the system says it; empty when it is dead."""
    assert process.process is not None
    if process.process.poll() is not None:
        return ""
    return Path(f"/proc/{process.process.pid}/stat").read_text().rpartition(") ")[2][0]


@pytest.mark.usefixtures("healthy")
class TestAParticipantsWorkerThatDies:
    @pytest.mark.parametrize("point", PARTICIPANTS_POINTS)
    def test_leaves_books_that_agree(self, crew, shop, point):
        sales = Sales()
        dying = crew.participant("dying", FAILPOINTS=f"{point}=kill:1")

        until(sales, dying, "")
        # Another worker gets what it held: nobody waits for a lease.
        sales.end(seconds=15, hurry=False)

        assert dying.process.returncode == -signal.SIGKILL
        sales.check(shop)


@pytest.mark.usefixtures("healthy")
class TestALanesWorkerThatDies:
    @pytest.mark.parametrize("point", ASKING_POINTS)
    def test_leaves_books_that_agree(self, crew, shop, point):
        sales = Sales()
        dying = crew.asking("dying-asking", FAILPOINTS=f"{point}=kill:1")

        until(sales, dying, "")
        sales.end()

        assert dying.process.returncode == -signal.SIGKILL
        sales.check(shop)


@pytest.mark.usefixtures("healthy")
class TestALanesWorkerThatFreezes:
    def test_and_hears_its_answer_when_the_lease_is_over_moves_nothing(self, crew, shop):
        sales = Sales()
        frozen = crew.asking("frozen-asking", FAILPOINTS="after_commands_sent=stop:1")

        until(sales, frozen, "T")
        sales.end()
        os.kill(frozen.process.pid, signal.SIGCONT)
        sales.place()
        sales.end()

        sales.check(shop)


@pytest.mark.usefixtures("healthy")
class TestAParticipantsWorkerThatFreezes:
    def test_and_executes_when_others_have_done_it_does_nothing(self, crew, shop):
        sales = Sales()
        crew.asking("second-asking")
        frozen = crew.participant("frozen", FAILPOINTS="after_commands_taken=stop:1")

        until(sales, frozen, "T")
        sales.end()
        os.kill(frozen.process.pid, signal.SIGCONT)
        sales.place()
        sales.end()

        sales.check(shop)


@pytest.mark.usefixtures("healthy")
class TestTwoWorkersWithEverything:
    def test_do_it_once(self, crew, shop):
        """Every lease ends at once, so every batch is claimed, sent and executed by several workers."""
        sales = Sales()
        crew.participant("second-participant")
        crew.asking("second-asking")

        for _ in range(5):
            sales.place(20)
            for _ in range(20):
                let_leases_pass()
                time.sleep(0.05)
        sales.end()

        sales.check(shop)
