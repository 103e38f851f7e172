"""Events leave an outbox at least once, in order per aggregate, and none is skipped."""

import threading

import pytest
from django.db import connections, transaction

from apps.core.ids import new_id
from apps.sagas.outbox import publish
from apps.sagas.relay import SUBSCRIBERS, Delivery, relay

from .tea import TeaPoured

pytestmark = pytest.mark.committed(databases=["orders"])


@pytest.fixture
def taken():
    """What a subscriber took, in order; nothing is left over from earlier tests."""
    while relay("orders"):
        pass
    deliveries: list[Delivery] = []
    SUBSCRIBERS["tea.poured"] = [deliveries.append]
    yield deliveries
    SUBSCRIBERS["tea.poured"] = []


def pour(tea_id, *cups):
    with transaction.atomic(using="orders"):
        publish([TeaPoured(tea_id=tea_id, cup=cup) for cup in cups], using="orders")


class TestPublish:
    def test_numbers_the_events_of_an_aggregate(self, taken):
        one, other = new_id(), new_id()
        pour(one, 1, 2)
        pour(other, 7)
        pour(one, 3)

        relay("orders")

        assert [d.aggregate_seq for d in taken if d.aggregate_id == one] == [1, 2, 3]
        assert [d.aggregate_seq for d in taken if d.aggregate_id == other] == [1]

    def test_leaves_nothing_when_the_commit_fails(self, taken):
        with transaction.atomic(using="orders"):
            publish([TeaPoured(tea_id=new_id(), cup=1)], using="orders")
            transaction.set_rollback(True, using="orders")

        assert relay("orders") == 0


class TestRelay:
    def test_hands_an_event_over_once_it_is_committed_and_not_again(self, taken):
        tea_id = new_id()
        pour(tea_id, 1)

        assert relay("orders") == 1
        assert relay("orders") == 0
        assert [delivery.payload for delivery in taken] == [{"tea_id": str(tea_id), "cup": 1}]

    def test_keeps_back_only_the_aggregate_whose_subscriber_fails(self, taken):
        broken, fine = new_id(), new_id()
        pour(broken, 1, 2)
        pour(fine, 1)

        def refuses(delivery: Delivery) -> None:
            if delivery.aggregate_id == broken and len(taken) < 2:
                raise ValueError("the cup is cracked")

        SUBSCRIBERS["tea.poured"].insert(0, refuses)

        assert relay("orders") == 1
        taken.append(taken[0])
        assert relay("orders") == 2
        assert [d.payload["cup"] for d in taken if d.aggregate_id == broken] == [1, 2]

    def test_survives_a_subscriber_that_spoils_its_transaction(self, taken):
        broken, fine = new_id(), new_id()
        pour(broken, 1)
        pour(fine, 1)

        def spoils(delivery: Delivery) -> None:
            if delivery.aggregate_id == broken:
                with connections["orders"].cursor() as cursor:
                    cursor.execute("SELECT 1 / 0")

        SUBSCRIBERS["tea.poured"].append(spoils)

        assert relay("orders") == 1
        SUBSCRIBERS["tea.poured"].remove(spoils)
        assert relay("orders") == 1

    def test_does_not_skip_what_commits_late(self, taken):
        early, late = new_id(), new_id()
        entered, leave = threading.Event(), threading.Event()

        def slow() -> None:
            with transaction.atomic(using="orders"):
                publish([TeaPoured(tea_id=early, cup=1)], using="orders")
                entered.set()
                leave.wait(5)
            connections.close_all()

        thread = threading.Thread(target=slow)
        thread.start()
        entered.wait(5)
        pour(late, 1)
        assert relay("orders") == 1
        leave.set()
        thread.join()

        assert relay("orders") == 1
        assert [delivery.aggregate_id for delivery in taken] == [late, early]
