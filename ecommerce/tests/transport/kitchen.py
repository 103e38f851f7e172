"""A worker of the tea house's kitchen, as a thread: it takes commands from RabbitMQ and treats them as it likes."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connections
from kombu import Connection
from kombu.entity import Queue

from apps.sagas import queues
from apps.sagas.transport import answering, asking
from ecommerce.testing.rabbitmq import Rabbit

QUEUE = queues.queue_of("kitchen")
LEASE_SECONDS = 2.0


class Delivery:
    """One batch of commands as it was delivered."""

    def __init__(self, message: Any) -> None:
        self.batch: dict[str, Any] = message.payload[1]["batch"]
        self.reply_to: str = message.properties["reply_to"]
        self.batch_id: str = message.headers["id"]

    def execute(self) -> None:
        """Execute it and say so, as a worker does."""
        answering.answer(self.batch, reply_to=self.reply_to, batch_id=self.batch_id)

    def take(self) -> None:
        """Say that it was taken, and nothing else."""
        answering._line().say(None, self.reply_to, self.batch_id)

    def say(self, body: bytes) -> None:
        """Answer with anything at all."""
        answering._line()._publish(body, self.reply_to, self.batch_id)


Manner = Callable[[Delivery], None]


def honest(delivery: Delivery) -> None:
    """Do the work, and say so."""
    delivery.execute()


def silent(delivery: Delivery) -> None:
    """Take the work, and say no more."""
    delivery.take()


class Kitchen:
    """The worker; `deliveries` is all it was given so far."""

    def __init__(self, url: str, manner: Manner) -> None:
        self.url, self.manner = url, manner
        self.deliveries: list[Delivery] = []
        self._stop = threading.Event()
        self._listens = threading.Event()
        self._thread = threading.Thread(target=self._work, daemon=True)

    def start(self) -> None:
        self._thread.start()
        assert self._listens.wait(10)

    def stop(self) -> None:
        self._stop.set()
        self._thread.join(10)
        assert not self._thread.is_alive()

    def _work(self) -> None:
        with Connection(self.url) as connection:
            channel = connection.channel()
            declare(channel)
            channel.basic_qos(0, 1, False)
            queue = Queue(QUEUE, queue_arguments=queues.COMMANDS)
            with connection.Consumer(queue, channel=channel, callbacks=[self._deliver], accept=["json"]):
                self._listens.set()
                while not self._stop.is_set():
                    try:
                        connection.drain_events(timeout=0.05)
                    except TimeoutError:
                        continue
        answering._line().hang_up()
        connections.close_all()

    def _deliver(self, _: Any, message: Any) -> None:
        delivery = Delivery(message)
        self.deliveries.append(delivery)
        self.manner(delivery)
        message.ack()


@contextmanager
def channel(rabbit: Rabbit) -> Iterator[Any]:
    """Give a channel to the broker."""
    with Connection(rabbit.url) as connection:
        yield connection.channel()


def waiting(rabbit: Rabbit, queue: str) -> int:
    """Return how many messages wait in a queue."""
    with channel(rabbit) as opened:
        return int(opened.queue_declare(queue, passive=True).message_count)


def told(result: str) -> float:
    """Return how many batches of the kitchen ended so."""
    return float(asking.BATCHES.labels("kitchen", result)._value.get())


def declare(channel: Any) -> None:
    """Make the kitchen's queue and that of the dead."""
    Queue(queues.DEAD_LETTERS, queue_arguments=queues.DEAD).bind(channel).declare()
    Queue(QUEUE, queue_arguments=queues.COMMANDS).bind(channel).declare()


@contextmanager
def kitchen(url: str, manner: Manner) -> Iterator[Kitchen]:
    """Run a worker for a while."""
    worker = Kitchen(url, manner)
    worker.start()
    try:
        yield worker
    finally:
        worker.stop()
