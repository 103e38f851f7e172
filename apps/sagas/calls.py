"""Calling a participant's handlers, with what its inbox already knows."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

from . import inbox
from .inbox import Entry, Key
from .messages import Call, Command, Direction, Refusal, Reply, request_hash, to_json
from .participant import Participant
from .progress import Answered, Failed, Outcome, Refused

T = TypeVar("T")


class WrongReplies(RuntimeError):
    """A handler did not return one reply a command: a bug in the handler."""


def grouped(items: Iterable[T], key: Callable[[T], Any]) -> dict[Any, list[T]]:
    """Return the items by key, keys in order of first appearance."""
    groups: dict[Any, list[T]] = defaultdict(list)
    for item in items:
        groups[key(item)].append(item)
    return groups


def outcome_of(reply: Reply) -> Outcome:
    """Return what a fresh reply means to the engine."""
    if isinstance(reply, Refusal):
        return Refused(code=reply.code, message=reply.message, details=to_json(reply))
    return Answered(reply={"type": type(reply).__name__, "data": to_json(reply)})


def stored_outcome(call: Call[Command], entry: Entry, known: Mapping[Key, Entry]) -> Outcome:
    """Return what an inbox entry means for a call that found it, among all that is known of its saga."""
    undone = (call.saga_id, call.step, str(Direction.BACKWARD), call.epoch)
    if call.direction is Direction.FORWARD and undone in known:
        return Failed(error="it was done, and undone again: only a row set back by hand can ask for it")
    if entry.outcome == "cancelled":
        return Failed(error="it was compensated or given up before it came: nothing is done any more")
    if entry.request_hash != request_hash(call.command):
        return Failed(error="another request was handled under this identity: the saga's data or code changed")
    if entry.outcome == "refused":
        reply = entry.reply
        return Refused(code=reply["code"], message=reply["message"], details=reply["data"])
    return Answered(reply=entry.reply)


def answers(participant: Participant, calls: Sequence[Call[Any]]) -> list[Reply]:
    """Return the replies of the participant's plain handler to calls of one command, in their order."""
    command = type(calls[0].command)
    handler = participant.handler(command)
    if handler is None:
        raise WrongReplies(f"{command.__name__} is no plain command of {participant.name}")
    replies = list(handler([call.command for call in calls]))
    if len(replies) != len(calls):
        raise WrongReplies(f"{command.__name__}: {len(calls)} commands got {len(replies)} replies")
    return replies


def new_entries(call: Call[Any], reply: Reply, known: Mapping[Key, Entry]) -> list[Entry]:
    """Return the entries to store for a fresh reply, and the tombstones that it found missing."""
    return [*kept(call, reply), *inbox.tombstones(call, known)]


def kept(call: Call[Any], reply: Reply) -> list[Entry]:
    """Return the entry that keeps a reply: none where somebody refused to undo a step or to note a waiver."""
    refused_to_undo = isinstance(reply, Refusal) and call.direction is not Direction.FORWARD
    return [] if refused_to_undo else [inbox.entry_of(call, reply)]
