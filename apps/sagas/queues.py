"""
The queues of commands, for participants that are deployed apart. Pure: the settings read it.

A command may wait until its lease is over, and is delivered twice at most: what kills its worker is counted by claims,
not by deliveries. A full queue refuses, so that whoever sends knows. What died lies in one queue of its own, bounded
as well, for people to look at; nothing is lost with it, because the saga asks again.
"""

from typing import Any

PREFIX = "commands."
DEAD_LETTERS = "dead-commands"

COMMANDS: dict[str, Any] = {
    "x-queue-type": "quorum",
    "x-delivery-limit": 1,
    "x-max-length": 1_000,
    "x-overflow": "reject-publish",
    "x-dead-letter-exchange": "",
    "x-dead-letter-routing-key": DEAD_LETTERS,
    "x-dead-letter-strategy": "at-least-once",
}
"""The arguments of a participant's queue."""
DEAD: dict[str, Any] = {"x-queue-type": "quorum", "x-max-length": 10_000}
"""The arguments of the queue of commands that nobody took in time, or that two workers died of."""


def queue_of(participant: str) -> str:
    """Return the name of the queue on which a participant's workers take commands."""
    return PREFIX + participant
