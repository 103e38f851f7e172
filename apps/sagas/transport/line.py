"""A thread's line to RabbitMQ: a channel that confirms what is published, opened when needed, given up in trouble."""

import os
from typing import Any

from amqp.exceptions import AMQPError, MessageNacked
from celery import current_app
from kombu.exceptions import OperationalError

WITHIN_SECONDS = 2.0
"""How long the broker may take to answer; a node that is frozen holds nobody longer."""
# py-amqp raises AttributeError at times when its connection was lost (kombu/transport/pyamqp.py says so).
TROUBLE = (OperationalError, AMQPError, MessageNacked, AttributeError, OSError)


class Line:
    """One connection, for one thread of one process."""

    def __init__(self) -> None:
        self._pid = 0
        self._connection: Any = None
        self._producer: Any = None

    @property
    def producer(self) -> Any:
        """The kombu producer of this line, connected."""
        if self._pid != os.getpid():
            # What a fork copied is its parent's.
            self._pid, self._connection, self._producer = os.getpid(), None, None
        if self._producer is None:
            self._connection = current_app.connection_for_write(
                transport_options={
                    "confirm_publish": True,
                    "read_timeout": WITHIN_SECONDS,
                    "write_timeout": WITHIN_SECONDS,
                }
            )
            self._connection.connect()
            self._producer = current_app.amqp.Producer(self._connection.channel(), auto_declare=False)
            self.opened(self._producer.channel)
        return self._producer

    def opened(self, channel: Any) -> None:
        """Prepare a channel that was just opened."""

    def hear(self, seconds: float) -> None:
        """Take in what the broker sends next; raises TimeoutError when that is nothing."""
        self._connection.drain_events(timeout=seconds)

    def hang_up(self) -> None:
        """Give the connection up; the next use opens another."""
        connection, self._connection, self._producer = self._connection, None, None
        if connection is not None and self._pid == os.getpid():
            connection.collect(socket_timeout=0.1)
