"""
The asking side: a lane worker sends a batch to the workers of a participant, and waits for their answer.

It waits less than its lease, so it holds no more batches than it has threads, and settles what it claimed itself. Two
messages come back: that a worker took the batch, and what became of it. Where nobody took it, it is postponed and
spends nobody's try; so is one whose line to the broker broke. Where it was taken and no answer came, nothing is
settled: the lease runs out, and the claim counts as it does when a worker dies here. Whatever is lost, doubled or late
meets the inbox on one side and the lease on the other.
"""

import logging
import threading
import time
from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

import msgspec
from amqp.exceptions import NotFound
from celery import current_app
from prometheus_client import Counter

from apps.core.failpoints import failpoint
from apps.sagas.delivery import POSTPONE_SECONDS, Chain, Outcomes
from apps.sagas.faults import described
from apps.sagas.participant import Participant
from apps.sagas.progress import Postponed
from apps.sagas.queues import queue_of

from .envelope import Answer, pack_batch, unpack_outcomes
from .line import TROUBLE, WITHIN_SECONDS, Line

logger = logging.getLogger(__name__)

TASK = "sagas.execute_commands"
REPLY_TO = "amq.rabbitmq.reply-to"
"""RabbitMQ hands what is sent here straight to this channel: there is no queue that could be left behind."""
PART_OF_LEASE = 0.8
"""How much of the lease is spent waiting; the rest is for the settle."""

BATCHES = Counter("saga_remote_batches_total", "Batches sent to participants elsewhere, by result", ["lane", "result"])


class NobodyThere(ConnectionError):
    """No worker of the participant took the batch."""


class NoAnswer(TimeoutError):
    """A worker took the batch, and gave no answer in time, or none that can be read."""


def execute(participant: Participant, chains: Sequence[Chain]) -> dict[UUID, Outcomes]:
    """
    Have the workers of a participant execute a batch of chains, one a saga; never raises for what happens there.

    Returns:
        What they answered; Postponed for every saga when none was reached. What was taken and not answered is missing.
    """
    line = _line()
    try:
        answer = line.ask(participant, pack_batch(participant.name, chains))
    except NoAnswer:
        return _noted(participant, "no_answer", {})
    except TROUBLE as error:
        if not isinstance(error, NobodyThere):
            line.hang_up()
        # kombu hides what happened behind an error of its own.
        reason = described(error.__cause__ or error)
        logger.warning("participant_unreachable", extra={"lane": participant.name, "error": reason})
        postponed = Postponed(error=reason, seconds=POSTPONE_SECONDS)
        return _noted(participant, "unreachable", {chain[0].saga_id: (postponed,) for chain in chains})
    return _noted(participant, "answered", unpack_outcomes(answer))


def _noted(participant: Participant, result: str, outcomes: dict[UUID, Outcomes]) -> dict[UUID, Outcomes]:
    BATCHES.labels(participant.name, result).inc()
    return outcomes


class AskingLine(Line):
    """A line that hears answers."""

    def __init__(self) -> None:
        super().__init__()
        self._heard: list[Any] = []

    def opened(self, channel: Any) -> None:
        """Have answers sent to this channel."""
        channel.basic_consume(REPLY_TO, no_ack=True, callback=self._heard.append)

    def ask(self, participant: Participant, batch: dict[str, Any]) -> Answer:
        """
        Send a batch and wait for its answer.

        Raises:
            NobodyThere, NoAnswer: see there.
        """
        seconds = participant.lease_seconds * PART_OF_LEASE
        until = time.monotonic() + seconds
        batch_id = str(uuid4())
        self._send(queue_of(participant.name), batch_id, batch, seconds)
        failpoint("after_commands_sent")
        taken = False
        while (left := until - time.monotonic()) > 0:
            for answer in self._answers(batch_id, left):
                if answer.outcomes is not None:
                    return answer
                taken = True
        if taken:
            raise NoAnswer(f"{participant.name} took a batch and has not answered after {seconds:.0f} s")
        raise NobodyThere(f"no worker of {participant.name} took the batch within {seconds:.0f} s")

    def _send(self, queue: str, batch_id: str, batch: dict[str, Any], seconds: float) -> None:
        producer = self.producer
        self._heard.clear()
        try:
            consumers = producer.channel.queue_declare(queue, passive=True).consumer_count
        except NotFound:
            # The channel is closed with it.
            self.hang_up()
            raise NobodyThere(f"there is no queue {queue}: no worker has ever taken commands from it") from None
        if not consumers:
            raise NobodyThere(f"no worker takes commands from {queue}")
        current_app.send_task(
            TASK,
            kwargs={"batch": batch},
            task_id=batch_id,
            producer=producer,
            queue=queue,
            declare=[],
            reply_to=REPLY_TO,
            # By the broker's clock: what nobody took by then, nobody needs any more.
            expiration=seconds,
            retry=False,
            confirm_timeout=WITHIN_SECONDS,
            ignore_result=True,
            add_to_parent=False,
            argsrepr="()",
            kwargsrepr=f"{len(batch['chains'])} sagas",
        )

    def _answers(self, batch_id: str, seconds: float) -> list[Answer]:
        """Return the next answers to this batch; those to earlier ones are too late."""
        try:
            self.hear(seconds)
        except TimeoutError:
            return []
        heard, self._heard[:] = list(self._heard), []
        mine = [message.body for message in heard if message.properties.get("correlation_id") == batch_id]
        try:
            return [msgspec.json.decode(body, type=Answer) for body in mine]
        except msgspec.MsgspecError as error:
            raise NoAnswer(f"nobody here can read the answer: {error}") from error


_LINES = threading.local()


def _line() -> AskingLine:
    """Return this thread's line."""
    if not hasattr(_LINES, "asking"):
        _LINES.asking = AskingLine()
    line: AskingLine = _LINES.asking
    return line
