"""A lane and its participant with RabbitMQ between them: what is lost, late, doubled or never said."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from amqp import Message
from kombu import Connection

from apps.core.testing.waiting import eventually
from apps.sagas import lanes, queues
from apps.sagas.testing import broken_histories
from apps.sagas.tests import tea_house
from apps.sagas.tests.conftest import house  # noqa: F401
from apps.sagas.tests.tea_house import begun, effects, expire_lease, order, row
from apps.sagas.transport import answering, asking
from ecommerce.testing.rabbitmq import INSTALLED, Rabbit

from .kitchen import QUEUE, Delivery, declare, kitchen

pytestmark = [
    pytest.mark.deployment,
    pytest.mark.committed(databases=["orders", "catalog"]),
    pytest.mark.usefixtures("remote_kitchen"),
    pytest.mark.skipif(not INSTALLED, reason="needs RabbitMQ: apt-get install rabbitmq-server"),
]
LEASE_SECONDS = 2.0


@pytest.fixture
def remote_kitchen(
    house: Any,  # noqa: F811
    rabbit: Rabbit,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[None]:
    """The kitchen is deployed apart; its queue is there, and empty."""
    monkeypatch.setenv("CELERY_BROKER_URL", rabbit.url)
    monkeypatch.setattr(tea_house.kitchen, "lease_seconds", LEASE_SECONDS)
    settings.SAGA_REMOTE_LANES = ["kitchen"]
    with channel(rabbit) as opened:
        declare(opened)
        opened.queue_purge(QUEUE)
        opened.queue_purge(queues.DEAD_LETTERS)
    yield
    asking._line().hang_up()
    answering._line().hang_up()


@contextmanager
def channel(rabbit: Rabbit) -> Iterator[Any]:
    with Connection(rabbit.url) as connection:
        yield connection.channel()


def waiting(rabbit: Rabbit, queue: str) -> int:
    with channel(rabbit) as opened:
        return int(opened.queue_declare(queue, passive=True).message_count)


def told(result: str) -> float:
    return float(asking.BATCHES.labels("kitchen", result)._value.get())


def silent(delivery: Delivery) -> None:
    delivery.take()


def honest(delivery: Delivery) -> None:
    delivery.execute()


class TestAParticipantElsewhere:
    def test_executes_a_chain_in_one_transaction(self, rabbit):
        tea = order()
        begun(tea)

        with kitchen(rabbit.url, honest) as worker:
            lanes.run_batch("kitchen")

        assert effects(tea.order_id) == ["weigh", "brew"]
        assert row(tea.saga_id).states[1:4] == ["completed", "completed", "ready"]
        (delivery,) = worker.deliveries
        assert [[call["step"] for call in chain] for chain in delivery.batch["chains"]] == [["weigh", "brew"]]

    def test_gets_a_batch_as_one_message(self, rabbit):
        teas = [order() for _ in range(30)]
        begun(*teas)

        with kitchen(rabbit.url, honest) as worker:
            lanes.run_batch("kitchen")

        assert len(worker.deliveries) == 1
        assert {row(tea.saga_id).lane for tea in teas} == {"till"}

    def test_refuses_one_saga_and_fails_another(self, rabbit):
        dry, wet, bad = order(leaves="none"), order(), order()
        tea_house.POISON.add(bad.order_id)
        begun(dry, wet, bad)

        with kitchen(rabbit.url, honest):
            lanes.run_batch("kitchen")

        assert (row(dry.saga_id).status, row(dry.saga_id).cause["code"]) == ("compensating", "no_leaves")
        assert row(wet.saga_id).lane == "till"
        assert (row(bad.saga_id).failures, row(bad.saga_id).error) == (1, "ValueError: the kettle fell")

    def test_that_does_its_work_twice_has_one_effect(self, rabbit):
        tea = order()
        begun(tea)

        def doubled(delivery: Delivery) -> None:
            delivery.execute()
            delivery.execute()

        with kitchen(rabbit.url, doubled):
            lanes.run_batch("kitchen")

        assert effects(tea.order_id) == ["weigh", "brew"]
        assert broken_histories(tea.saga_id) == []


class TestAnAbsentParticipant:
    def test_costs_nobody_a_try_and_no_time(self, rabbit):
        tea = order()
        begun(tea)

        began = time.monotonic()
        lanes.run_batch("kitchen")
        seconds = time.monotonic() - began

        saga = row(tea.saga_id)
        assert (saga.attempt, saga.failures, saga.lease) == (0, 0, None)
        assert "no worker takes commands from commands.kitchen" in saga.error
        assert saga.due_at > saga.updated_at
        assert seconds < LEASE_SECONDS / 2

    def test_leaves_nothing_in_its_queue(self, rabbit):
        tea = order()
        begun(tea)

        for _ in range(20):
            expire_lease(tea.saga_id)
            lanes.run_batch("kitchen")

        assert waiting(rabbit, QUEUE) == 0

    def test_that_never_came_is_no_different(self, rabbit):
        tea = order()
        begun(tea)
        with channel(rabbit) as opened:
            opened.queue_delete(QUEUE)

        lanes.run_batch("kitchen")

        assert (row(tea.saga_id).attempt, row(tea.saga_id).failures) == (0, 0)
        assert "there is no queue commands.kitchen" in row(tea.saga_id).error

    def test_is_asked_when_it_comes(self, rabbit):
        tea = order()
        begun(tea)
        lanes.run_batch("kitchen")
        expire_lease(tea.saga_id)

        with kitchen(rabbit.url, honest):
            lanes.run_batch("kitchen")

        assert row(tea.saga_id).lane == "till"


class TestABusyParticipant:
    def test_does_not_get_what_it_could_not_take_in_time(self, rabbit):
        """The first command is held for longer than the second one may wait."""
        first, second = order(), order()
        begun(first)
        held: list[Delivery] = []

        def slow(delivery: Delivery) -> None:
            held.append(delivery)
            time.sleep(2.5 * LEASE_SECONDS)

        with kitchen(rabbit.url, slow) as worker:
            lanes.run_batch("kitchen")
            begun(second)
            began = time.monotonic()
            lanes.run_batch("kitchen")
            seconds = time.monotonic() - began

        assert seconds < LEASE_SECONDS
        assert len(worker.deliveries) == 1
        assert row(second.saga_id).attempt == 0
        assert "took the batch within" in row(second.saga_id).error
        assert waiting(rabbit, QUEUE) == 0
        eventually(lambda: waiting(rabbit, queues.DEAD_LETTERS) == 1, what="the command in the queue of the dead")

    def test_whose_queue_is_full_costs_nobody_a_try(self, rabbit):
        tea = order()
        begun(tea)
        with channel(rabbit) as opened:
            opened.basic_qos(0, 1, False)
            opened.basic_consume(QUEUE, callback=lambda message: None)
            fill(opened)
            lanes.run_batch("kitchen")
            opened.queue_purge(QUEUE)

        assert (row(tea.saga_id).attempt, row(tea.saga_id).failures) == (0, 0)
        assert "MessageNacked" in row(tea.saga_id).error


def fill(opened: Any) -> None:
    """Fill the kitchen's queue to its limit with commands that nobody can read."""
    for _ in range(queues.COMMANDS["x-max-length"] + 50):
        opened.basic_publish(Message("{}", content_encoding="utf-8"), routing_key=QUEUE)


class TestAParticipantThatTakesAndNeverAnswers:
    def test_leaves_the_saga_to_its_lease(self, rabbit):
        tea = order()
        begun(tea)
        before = told("no_answer")

        with kitchen(rabbit.url, silent):
            lanes.run_batch("kitchen")

        saga = row(tea.saga_id)
        assert saga.lease is not None
        assert (saga.attempt, saga.failures, saga.error) == (1, 0, None)
        assert told("no_answer") == before + 1

    def test_counts_as_one_that_died_of_it(self, rabbit):
        tea = order()
        begun(tea)

        with kitchen(rabbit.url, silent):
            for _ in range(lanes.POISON_AFTER_CLAIMS):
                lanes.run_batch("kitchen")
                expire_lease(tea.saga_id)
            lanes.run_batch("kitchen")

        assert row(tea.saga_id).error == "5 workers died of it"
        assert row(tea.saga_id).failures == 1

    def test_spares_its_neighbours_the_third_time(self, rabbit):
        deadly, fine = order(), [order() for _ in range(3)]
        begun(deadly, *fine)

        def dies_of_one(delivery: Delivery) -> None:
            sagas = {chain[0]["saga_id"] for chain in delivery.batch["chains"]}
            delivery.take() if str(deadly.saga_id) in sagas else delivery.execute()

        with kitchen(rabbit.url, dies_of_one):
            for _ in range(7):
                lanes.run_batch("kitchen")
                for tea in (*fine, deadly):
                    if row(tea.saga_id).lane == "kitchen":
                        expire_lease(tea.saga_id)

        assert {row(tea.saga_id).lane for tea in fine} == {"till"}
        assert row(deadly.saga_id).lane == "kitchen"

    def test_and_is_gone_then_still_counts(self, rabbit):
        """Who restarts is absent for a while: that must not wipe out what was counted."""
        tea = order()
        begun(tea)
        with kitchen(rabbit.url, silent):
            lanes.run_batch("kitchen")
        expire_lease(tea.saga_id)

        lanes.run_batch("kitchen")

        assert row(tea.saga_id).attempt == 1


class TestAnAnswer:
    def test_that_comes_too_late_moves_nothing(self, rabbit):
        tea = order()
        begun(tea)
        late: list[Delivery] = []

        with kitchen(rabbit.url, late.append):
            lanes.run_batch("kitchen")
        expire_lease(tea.saga_id)
        with kitchen(rabbit.url, honest):
            lanes.run_batch("kitchen")
        seq = row(tea.saga_id).seq
        late[0].execute()
        lanes.run_batch("kitchen")

        assert row(tea.saga_id).seq == seq
        assert effects(tea.order_id) == ["weigh", "brew"]

    def test_to_an_earlier_batch_is_not_taken_for_this_ones(self, rabbit):
        first, second = order(), order()
        begun(first)
        late: list[Delivery] = []

        def answers_the_last(delivery: Delivery) -> None:
            if late:
                late.pop().execute()
                delivery.execute()
            else:
                late.append(delivery)

        with kitchen(rabbit.url, answers_the_last):
            lanes.run_batch("kitchen")
            begun(second)
            lanes.run_batch("kitchen")

        assert row(second.saga_id).lane == "till"
        assert row(first.saga_id).lane == "kitchen"
        assert effects(first.order_id) == ["weigh", "brew"]

    def test_that_nobody_can_read_is_none(self, rabbit):
        tea = order()
        begun(tea)

        with kitchen(rabbit.url, lambda delivery: delivery.say(b"\xff{not JSON")):
            lanes.run_batch("kitchen")

        assert row(tea.saga_id).lease is not None
        assert row(tea.saga_id).attempt == 1

    def test_for_some_of_the_sagas_leaves_the_others_to_their_lease(self, rabbit):
        told_of, forgotten = order(), order()
        begun(told_of, forgotten)

        def forgetful(delivery: Delivery) -> None:
            chains = delivery.batch["chains"]
            delivery.batch["chains"] = [c for c in chains if c[0]["saga_id"] == str(told_of.saga_id)]
            delivery.execute()

        with kitchen(rabbit.url, forgetful):
            lanes.run_batch("kitchen")

        assert row(told_of.saga_id).lane == "till"
        assert (row(forgotten.saga_id).lane, row(forgotten.saga_id).attempt) == ("kitchen", 1)
