"""RabbitMQ, a shop without web, and the processes that work for it; what a test starts ends with it."""

from collections.abc import Iterator

import pytest
from pytest_django import DjangoDbBlocker
from pytest_django.fixtures import Settings

from apps.core.services.embedded import Servers
from apps.sagas import queues
from apps.sagas.tests import tea_house
from apps.sagas.tests.opening import opened
from apps.sagas.transport import answering, asking
from ecommerce.testing.processes import Process
from ecommerce.testing.rabbitmq import Rabbit, rabbitmq
from ecommerce.testing.remote import asking_worker, participant
from ecommerce.testing.stack import Stack

from .kitchen import LEASE_SECONDS, QUEUE, channel, declare

IMPATIENT = {"DJANGO_SETTINGS_MODULE": "ecommerce.tests.transport.impatient.settings"}


@pytest.fixture(scope="session")
def rabbit(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rabbit]:
    with rabbitmq(tmp_path_factory.mktemp("rabbitmq")) as running:
        yield running


@pytest.fixture(scope="session")
def shop(
    rabbit: Rabbit,
    servers: Servers,
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Stack]:
    """The shop, of which only what stands outside runs: the gateway and the mail server."""
    with django_db_blocker.unblock():
        stack = Stack(tmp_path_factory.mktemp("stack"), extra=IMPATIENT | {"CELERY_BROKER_URL": rabbit.url})
    stack.start_judges()
    yield stack
    stack.stop()


@pytest.fixture
def remote_kitchen(rabbit: Rabbit, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The tea house is open, and its kitchen deployed apart: its queue is there, and empty."""
    monkeypatch.setenv("CELERY_BROKER_URL", rabbit.url)
    monkeypatch.setattr(tea_house.kitchen, "lease_seconds", LEASE_SECONDS)
    settings.SAGA_REMOTE_LANES = ["kitchen"]
    with opened():
        with channel(rabbit) as line:
            declare(line)
            line.queue_purge(QUEUE)
            line.queue_purge(queues.DEAD_LETTERS)
        yield
    asking._line().hang_up()
    answering._line().hang_up()


class Crew:
    """The processes of one test."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self.processes: list[Process] = []

    def participant(self, name: str = "participant", **environment: str) -> Process:
        """Start a worker of the catalogue's, apart; wait until it takes commands."""
        process = self._started(participant(self.stack, name, **environment))
        return process.ready(lambda: " ready." in process.log.read_text(), seconds=60)

    def asking(self, name: str = "asking", **environment: str) -> Process:
        """Start a worker of the catalogue's lane."""
        return self._started(asking_worker(self.stack, name, **environment))

    def others(self) -> Process:
        """Start a worker of the other lanes, which run here."""
        return self._started(self.stack.lane_worker("others", "payments", "notifications", "orders"))

    def stop(self) -> None:
        for process in self.processes:
            process.stop()

    def _started(self, process: Process) -> Process:
        process.log.unlink(missing_ok=True)
        self.processes.append(process)
        return process.start()


@pytest.fixture
def crew(shop: Stack) -> Iterator[Crew]:
    crew = Crew(shop)
    yield crew
    crew.stop()
