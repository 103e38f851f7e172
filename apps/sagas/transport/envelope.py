"""
Calls and outcomes as JSON values: `{"type": name, "fields": {...}}` each.

Both sides may be of another release: fields that are not known are dropped, missing ones have defaults. A command that
the participant does not know yet is postponed and spends nobody's try: its workers are to be deployed first.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import msgspec

from apps.sagas.delivery import Chain, Outcomes
from apps.sagas.faults import described
from apps.sagas.messages import Call, Direction, Unknown, from_json, to_json
from apps.sagas.participant import Participant, UnknownCommand
from apps.sagas.progress import Answered, Failed, LeftOut, Outcome, Postponed, Refused

OUTCOMES: dict[str, type[Outcome]] = {
    kind.__name__: kind for kind in (Answered, LeftOut, Refused, Failed, Unknown, Postponed)
}
NEWER_COMMAND_SECONDS = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """One message by the name of its type, and its fields."""

    type: str
    fields: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class PackedCall:
    """One call, whose command is still packed."""

    saga_id: UUID
    step: str
    direction: Direction
    epoch: int = 0
    command: Named


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What is asked of a participant."""

    participant: str
    chains: list[list[PackedCall]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What its worker says: first that it took the batch, then, with `outcomes`, what became of each saga."""

    outcomes: dict[UUID, list[Named]] | None = None


def pack_batch(participant: str, chains: Sequence[Chain]) -> dict[str, Any]:
    """Return chains as JSON values."""
    return to_json(Batch(participant=participant, chains=[[_packed(call) for call in chain] for chain in chains]))


def _packed(call: Call[Any]) -> PackedCall:
    command = named(call.command)
    return PackedCall(saga_id=call.saga_id, step=call.step, direction=call.direction, epoch=call.epoch, command=command)


def named(message: Any) -> Named:
    """Return a message as the name of its type and its fields."""
    return Named(type=type(message).__name__, fields=to_json(message))


def unpack_batch(participant: Participant, batch: Batch) -> tuple[list[Chain], dict[UUID, Outcomes]]:
    """Return the chains of a batch, each up to the first call that cannot be read, and the outcome of the others."""
    chains: list[Chain] = []
    unreadable: dict[UUID, Outcomes] = {}
    for packed in batch.chains:
        chain, problem = _unpack_chain(participant, packed)
        if chain:
            chains.append(chain)
        elif problem is not None:
            unreadable[packed[0].saga_id] = (problem,)
    return chains, unreadable


def _unpack_chain(participant: Participant, packed: Sequence[PackedCall]) -> tuple[list[Call[Any]], Outcome | None]:
    chain: list[Call[Any]] = []
    for call in packed:
        try:
            command = from_json(participant.command_named(call.command.type), call.command.fields)
        except UnknownCommand as error:
            return chain, Postponed(error=described(error), seconds=NEWER_COMMAND_SECONDS, answered=True)
        except msgspec.ValidationError as error:
            return chain, Failed(error=described(error))
        chain.append(
            Call(saga_id=call.saga_id, step=call.step, direction=call.direction, epoch=call.epoch, command=command)
        )
    return chain, None


def pack_answer(outcomes: Mapping[UUID, Outcomes] | None) -> bytes:
    """Return an answer as JSON: that the batch was taken, or what became of it."""
    if outcomes is None:
        return msgspec.json.encode(Answer())
    return msgspec.json.encode(
        Answer(outcomes={saga_id: [named(outcome) for outcome in known] for saga_id, known in outcomes.items()})
    )


def unpack_outcomes(answer: Answer) -> dict[UUID, Outcomes]:
    """Return the outcomes of an answer; one that this release cannot read counts as a technical failure."""
    return {
        saga_id: tuple(_unpack_outcome(outcome) for outcome in known)
        for saga_id, known in (answer.outcomes or {}).items()
        if known
    }


def _unpack_outcome(outcome: Named) -> Outcome:
    try:
        return from_json(OUTCOMES[outcome.type], outcome.fields)
    except KeyError:
        return Failed(error=f"the participant answered {outcome.type}, which this release does not know")
    except msgspec.ValidationError as error:
        return Failed(error=described(error))
