"""
What orchestrator and participants say to each other. Pure: no Django, no database.

Each app's `contracts` module declares its messages as frozen dataclasses deriving from Command, Reply, Refusal and
Event. They cross process and version boundaries as JSON: a new field needs a default, a field is never renamed.
"""

from collections.abc import Mapping, Set
from dataclasses import MISSING, Field, dataclass, fields, is_dataclass
from enum import StrEnum
from hashlib import sha256
from typing import Any, ClassVar, Generic, TypeVar
from uuid import UUID, uuid5

import msgspec

EFFECTS = UUID("5f0c1f8e-2f0a-5c39-9a0e-0d6f4f1f3c55")
"""The namespace of effect identities."""


class Direction(StrEnum):
    """
    Which way a saga walks its steps, and what of a step an effect is.

    No saga walks as `waiver` or `skip`. The one is the effect of giving a step up, where a participant has something to
    note of that; the other that of leaving a step out, which every participant notes.
    """

    FORWARD = "forward"
    BACKWARD = "backward"
    WAIVER = "waiver"
    SKIP = "skip"


WALKED = (Direction.FORWARD, Direction.BACKWARD)


class Command:
    """A request to one participant, named in the imperative (`ReserveInventory`)."""

    participant: ClassVar[str]


@dataclass(frozen=True, slots=True)
class LeaveOut(Command):
    """Never do this step: the engine's own command, which no handler sees. What comes late finds a tombstone."""


class Reply:
    """A participant's answer, named after what is now true (`InventoryReserved`)."""


class Refusal(Reply):
    """
    A business no, named after the fact (`InventoryUnavailable`). It is an answer, not an error.

    `code` is the stable word that API clients see; `message` is the sentence people read.
    """

    code: ClassVar[str]
    message: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """
    Nobody can know yet whether the effect took place: a time-out, a lost connection, a server's own error.

    It is not an answer: nothing is stored in the inbox, and the next try asks the outside world before it acts.
    """

    error: str


@dataclass(frozen=True, slots=True)
class Unreachable(Unknown):
    """
    Nobody out there answered at all: no connection, a time-out, a gateway's front door that says nobody is in.

    Where a whole batch hears this, it is an outage and not a failure of those who met it: nobody's try is spent.
    """


class Event:
    """
    Something that happened, in the past tense (`OrderConfirmed`), told to whoever wants to know.

    `type` is the public name (`order.confirmed`); `aggregate` names the kind of thing that `aggregate_id` identifies.
    """

    type: ClassVar[str]
    aggregate: ClassVar[str]

    @property
    def aggregate_id(self) -> UUID:
        raise NotImplementedError


C = TypeVar("C", bound=Command)


@dataclass(frozen=True, slots=True)
class Call(Generic[C]):
    """
    One command on its way to a participant, with the identity of its effect.

    The attempt is not part of the identity: a retry is the same effect. `epoch` rises only when a person asks for
    another effect, or a gateway proves that the earlier one cannot exist; the earlier one is fenced before, in a commit
    of its own. Nothing raises it yet.
    """

    saga_id: UUID
    step: str
    direction: Direction
    epoch: int
    command: C

    @property
    def effect_id(self) -> UUID:
        """The idempotency key of this effect: a function of saga, step, direction and epoch."""
        return effect_id(self.saga_id, self.step, self.direction, self.epoch)

    @property
    def undone_effect_id(self) -> UUID:
        """For a compensation or a waiver: the identity of the forward effect that it undoes, or leaves."""
        return effect_id(self.saga_id, self.step, Direction.FORWARD, self.epoch)


def effect_id(saga_id: UUID, step: str, direction: Direction, epoch: int) -> UUID:
    """Return the same UUID for the same effect, for ever and everywhere (RFC 9562, version 5)."""
    return uuid5(EFFECTS, f"{saga_id}:{step}:{direction}:{epoch}")


def to_json(message: Any) -> dict[str, Any]:
    """Return a message's fields as JSON values: UUIDs, decimals and times as strings, tuples as lists."""
    fields: dict[str, Any] = msgspec.to_builtins(message)
    return fields


M = TypeVar("M")


def from_json(kind: type[M], fields: dict[str, Any]) -> M:
    """
    Return the message of that kind with these fields; fields it does not know are dropped.

    Raises:
        msgspec.ValidationError: a field is missing or has the wrong shape; the message names it.
    """
    return msgspec.convert(fields, kind, strict=False)


def request_hash(command: Command) -> bytes:
    """
    Return a fingerprint of a command, by which a second, different request under one identity is noticed.

    A field that has its default does not count: code that has a new field must know what code without it has asked.
    """
    return sha256(type(command).__name__.encode() + msgspec.json.encode(_told(command))).digest()


def _told(value: Any) -> Any:
    """Return a value without the fields of dataclasses that have their defaults, however deep."""
    if is_dataclass(value):
        return {one.name: _told(getattr(value, one.name)) for one in fields(value) if not _is_default(value, one)}
    if isinstance(value, Mapping):
        return {key: _told(value[key]) for key in sorted(value)}
    if isinstance(value, Set):
        return sorted(value)
    return [_told(held) for held in value] if isinstance(value, tuple | list) else value


def _is_default(message: Any, field: Field[Any]) -> bool:
    default = field.default if field.default_factory is MISSING else field.default_factory()
    return default is not MISSING and getattr(message, field.name) == default
