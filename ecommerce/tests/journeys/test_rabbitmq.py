"""The whole shop with RabbitMQ as its broker, as `docker/` deploys it."""

import time
from collections.abc import Iterator
from uuid import UUID

import pytest
from django.conf import settings
from pytest_django import DjangoDbBlocker

from apps.core.services.embedded import Servers
from apps.core.testing.waiting import eventually
from apps.sagas.testing import broken_histories
from ecommerce.testing.books import ledger_of, saga_status, stock_of
from ecommerce.testing.customer import Customer
from ecommerce.testing.processes import Process
from ecommerce.testing.rabbitmq import INSTALLED, Rabbit, rabbitmq
from ecommerce.testing.shop import make_variants
from ecommerce.testing.stack import ALIASES, Stack

pytestmark = [
    pytest.mark.deployment,
    pytest.mark.committed(databases=ALIASES),
    pytest.mark.xdist_group("stack"),
    pytest.mark.skipif(not INSTALLED, reason="needs RabbitMQ: apt-get install rabbitmq-server"),
]


class StackOnRabbit(Stack):
    """The shop, whose worker says in its log that it is ready: this process asks another broker."""

    def start_worker(self) -> None:
        self.worker.start().ready(lambda: " ready." in self.worker.log.read_text(), seconds=60)


@pytest.fixture(scope="module")
def rabbit(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rabbit]:
    with rabbitmq(tmp_path_factory.mktemp("rabbitmq")) as running:
        yield running


@pytest.fixture(scope="module")
def stack(
    rabbit: Rabbit,
    servers: Servers,
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Stack]:
    with django_db_blocker.unblock():
        stack = StackOnRabbit(tmp_path_factory.mktemp("stack"), extra={"CELERY_BROKER_URL": rabbit.url})
    try:
        yield stack.start()
    finally:
        stack.stop()


def buy(stack: Stack, variant_id: UUID, *, wait_seconds: int = 20) -> dict[str, str]:
    customer = Customer(stack)
    order: dict[str, str] = customer.check_out(customer.fill_cart(str(variant_id)), wait_seconds=wait_seconds).expect(
        200, 202
    )
    return order


class TestOnRabbitMQ:
    def test_confirms_an_order(self, stack):
        (variant_id,) = make_variants(stock=5)

        order = buy(stack, variant_id)
        eventually(lambda: saga_status(order["id"]) == "completed", what="the saga's end")

        assert order["status"] == "confirmed"
        assert stock_of(variant_id) == (4, 0)
        assert [kind for kind, _ in ledger_of(order["id"])] == ["capture"]
        assert broken_histories(order["id"]) == []

    def test_keeps_the_queues_of_all_lanes_on_a_quorum(self, stack, rabbit):
        queues = rabbit.queues()

        lanes = {"default", *(f"lane.{lane}" for lane in settings.LANES)}
        assert {name: kind for name, kind in queues.items() if name in lanes} == dict.fromkeys(lanes, "quorum")

    def test_lets_a_worker_in_whose_name_is_taken(self, stack):
        second = Process("second", stack.worker.command, stack.environment, stack.folder)
        try:
            second.start().ready(lambda: " ready." in second.log.read_text())
        finally:
            second.stop()

    def test_is_ready(self, stack):
        assert Customer(stack).ask("GET", "/health/ready").expect(200)["broker"]["status"] == "up"

    def test_answers_at_once_while_the_broker_is_frozen(self, stack, rabbit):
        (variant_id,) = make_variants(stock=5)
        customer = Customer(stack)
        cart_id = customer.fill_cart(str(variant_id))
        rabbit.freeze()
        try:
            began = time.monotonic()
            order = customer.check_out(cart_id).expect(202)
            seconds = time.monotonic() - began
        finally:
            rabbit.thaw()
        eventually(lambda: saga_status(order["id"]) == "completed", seconds=30, what="the saga's end")

        assert seconds < 1.0
        assert stock_of(variant_id) == (4, 0)

    def test_takes_orders_while_the_broker_is_down_and_ends_them_when_it_is_back(self, stack, rabbit):
        (variant_id,) = make_variants(stock=5)
        rabbit.process.stop()
        degraded = Customer(stack).ask("GET", "/health/ready").expect(200)
        order = buy(stack, variant_id, wait_seconds=1)

        rabbit.start()
        eventually(lambda: saga_status(order["id"]) == "completed", seconds=60, what="the saga's end")

        assert (degraded["status"], degraded["broker"]["status"]) == ("degraded", "down")
        assert order["status"] == "processing"
        assert stock_of(variant_id) == (4, 0)
        assert buy(stack, variant_id)["status"] == "confirmed"
