"""A lane and its participant with RabbitMQ between them: commands that come, are lost, late, doubled or never sent."""

import time
from typing import Any

import pytest
from amqp import Message

from apps.core.testing.waiting import eventually
from apps.sagas import lanes, queues
from apps.sagas.testing import broken_histories
from apps.sagas.tests import tea_house
from apps.sagas.tests.tea_house import begun, effects, expire_lease, order, row
from ecommerce.testing.rabbitmq import INSTALLED

from .kitchen import LEASE_SECONDS, QUEUE, Delivery, channel, honest, kitchen, waiting

pytestmark = [
    pytest.mark.deployment,
    pytest.mark.committed(databases=["orders", "catalog"]),
    pytest.mark.usefixtures("remote_kitchen"),
    pytest.mark.skipif(not INSTALLED, reason="needs RabbitMQ: apt-get install rabbitmq-server"),
]


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
