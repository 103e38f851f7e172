"""
The answering side: a worker of a participant takes a batch, executes it, and says what became of it.

It needs the participant's handlers, its database and the broker, and nothing else. The message is acknowledged last:
where a worker dies, another gets it, and the inbox tells that one what is done already.
"""

import logging
import threading
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import msgspec

from apps.core.failpoints import failpoint
from apps.sagas import delivery
from apps.sagas.delivery import Outcomes
from apps.sagas.faults import described
from apps.sagas.messages import from_json
from apps.sagas.participant import PARTICIPANTS

from .envelope import Batch, pack_answer, unpack_batch
from .line import TROUBLE, WITHIN_SECONDS, Line

logger = logging.getLogger(__name__)


class Unreadable(ValueError):
    """A message on the queue of commands is no batch of commands for a participant here."""


def answer(message: dict[str, Any], *, reply_to: str | None, batch_id: str) -> None:
    """
    Execute a batch and send what became of it to `reply_to`.

    Raises:
        Unreadable: nothing was executed, and nothing sent.
    """
    try:
        batch = from_json(Batch, message)
        participant = PARTICIPANTS[batch.participant]
    except (msgspec.ValidationError, KeyError) as error:
        raise Unreadable(f"{batch_id} is no batch for a participant here: {described(error)}") from error
    if not reply_to:
        raise Unreadable(f"{batch_id} does not say where its answer goes")
    line = _line()
    line.say(None, reply_to, batch_id)
    failpoint("after_commands_taken")
    chains, unreadable = unpack_batch(participant, batch)
    outcomes = delivery.execute(participant, chains)
    failpoint("before_answer")
    line.say(outcomes | unreadable, reply_to, batch_id)
    failpoint("after_answer")


class AnsweringLine(Line):
    """A line on which answers are sent."""

    def say(self, outcomes: Mapping[UUID, Outcomes] | None, reply_to: str, batch_id: str) -> None:
        """
        Send one answer, over a fresh connection where the last one broke.

        An answer that cannot be sent is not missed: whoever asked has lost the broker too, and asks again.
        """
        body = pack_answer(outcomes)
        for last_try in (False, True):
            try:
                self._publish(body, reply_to, batch_id)
            except TROUBLE as error:
                self.hang_up()
                if last_try:
                    logger.warning("answer_not_sent", extra={"batch_id": batch_id, "error": described(error)})
            else:
                return

    def _publish(self, body: bytes, reply_to: str, batch_id: str) -> None:
        self.producer.publish(
            body,
            exchange="",
            routing_key=reply_to,
            correlation_id=batch_id,
            content_type="application/json",
            content_encoding="binary",
            delivery_mode="transient",
            confirm_timeout=WITHIN_SECONDS,
        )


_LINES = threading.local()


def _line() -> AnsweringLine:
    """Return this thread's line."""
    if not hasattr(_LINES, "answering"):
        _LINES.answering = AnsweringLine()
    line: AnsweringLine = _LINES.answering
    return line
