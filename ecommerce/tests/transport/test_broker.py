"""RabbitMQ is restarted, emptied and frozen while commands are on their way, or the participant stays away."""

import threading
import time
from collections.abc import Iterator

import pytest
from pytest_django import DjangoDbBlocker

from apps.core.testing.waiting import eventually
from ecommerce.testing.books import fetch, unfinished
from ecommerce.testing.rabbitmq import INSTALLED, Rabbit
from ecommerce.testing.stack import ALIASES, Stack

from .accounts import Sales
from .conftest import Crew

pytestmark = [
    pytest.mark.deployment,
    pytest.mark.committed(databases=ALIASES),
    pytest.mark.skipif(not INSTALLED, reason="needs RabbitMQ: apt-get install rabbitmq-server"),
]


@pytest.fixture(scope="module")
def working(shop: Stack, django_db_blocker: DjangoDbBlocker) -> Iterator[Crew]:
    """Two workers of the catalogue, apart, and those of every lane."""
    crew = Crew(shop)
    with django_db_blocker.unblock():
        crew.participant("first-participant")
        crew.participant("second-participant")
        crew.asking("first-asking")
        crew.asking("second-asking")
        crew.others()
    yield crew
    crew.stop()


def in_flight(sales: Sales) -> None:
    """Place orders, and wait until some of them have moved."""
    sales.place(60)
    eventually(
        lambda: fetch(
            "orders",
            "SELECT 1 FROM saga_events WHERE kind = 'completed' AND saga_id IN"
            " (SELECT id FROM saga_transactions WHERE order_id = ANY(%s)) LIMIT 1",
            list(sales.baskets),
        ),
        what="the first step",
    )


class TestAnAbsentParticipant:
    def test_keeps_orders_waiting_and_queues_empty(self, crew, shop, rabbit):
        sales, died = Sales(), rabbit.waiting("dead-commands")
        crew.asking()
        crew.others()
        sales.place(10)
        eventually(lambda: errors_of(sales) == 30, seconds=30, what="the reason why nothing moves")
        time.sleep(5)

        assert unfinished(list(sales.baskets)) == 30
        assert [rabbit.waiting(queue) for queue in ("commands.catalog", "dead-commands")] == [0, died]
        assert failures_of(sales) == 0
        crew.participant()
        sales.end(hurry=False)
        sales.check(shop)


@pytest.mark.usefixtures("working")
class TestABroker:
    def test_restarted_in_mid_flight_loses_and_doubles_nothing(self, shop, rabbit):
        sales = Sales()
        in_flight(sales)

        rabbit.process.stop()
        sales.place(60)
        rabbit.start()
        sales.end()

        sales.check(shop)

    def test_killed_in_mid_flight_loses_and_doubles_nothing(self, shop, rabbit):
        sales = Sales()
        in_flight(sales)

        rabbit.process.kill()
        sales.place(60)
        rabbit.start()
        sales.end()

        sales.check(shop)

    def test_emptied_again_and_again_loses_and_doubles_nothing(self, shop, rabbit):
        sales = Sales()
        done = threading.Event()
        purging = threading.Thread(target=purge_until, args=(rabbit, done))
        purging.start()

        for _ in range(5):
            sales.place(20)
            time.sleep(0.5)
        done.set()
        purging.join()
        sales.end()

        sales.check(shop)

    def test_frozen_for_a_while_costs_nobody_a_try(self, shop, rabbit):
        sales = Sales()
        in_flight(sales)

        rabbit.freeze()
        sales.place(60)
        time.sleep(6)
        rabbit.thaw()
        sales.end()

        assert failures_of(sales) == 0
        sales.check(shop)


def purge_until(rabbit: Rabbit, done: threading.Event) -> None:
    while not done.is_set():
        rabbit.purge("commands.catalog")


def failures_of(sales: Sales) -> int:
    """Return how many tries these orders' sagas lost to technical failures."""
    rows = fetch(
        "orders",
        "SELECT count(*) FROM saga_events WHERE kind = 'failed' AND step IN ('validate_products', 'reserve_inventory')"
        " AND saga_id IN (SELECT id FROM saga_transactions WHERE order_id = ANY(%s))",
        list(sales.baskets),
    )
    return int(rows[0][0])


def errors_of(sales: Sales) -> int:
    """Return how many sagas say that nobody takes their commands."""
    rows = fetch(
        "orders",
        "SELECT count(*) FROM saga_transactions WHERE order_id = ANY(%s) AND error LIKE '%%commands.catalog%%'",
        list(sales.baskets),
    )
    return int(rows[0][0])
