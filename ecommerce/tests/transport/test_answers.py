"""A lane and its participant with RabbitMQ between them: answers that are late, unread, partial or never said."""

import pytest

from apps.sagas import lanes
from apps.sagas.tests.tea_house import begun, effects, expire_lease, order, row
from ecommerce.testing.rabbitmq import INSTALLED

from .kitchen import Delivery, honest, kitchen, silent, told

pytestmark = [
    pytest.mark.deployment,
    pytest.mark.committed(databases=["orders", "catalog"]),
    pytest.mark.usefixtures("remote_kitchen"),
    pytest.mark.skipif(not INSTALLED, reason="needs RabbitMQ: apt-get install rabbitmq-server"),
]


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
