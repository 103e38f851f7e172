"""
The inbox of a participant: what was done for which saga, and the reply it was given.

Entries are looked up when a batch begins and written when it ends, in the batch's own transaction. The primary key
decides every race: of two transactions that write one entry, one rolls back together with its effect.
"""

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
from django.db import connections

from apps.core.sql import query

from .limits import limits
from .messages import Call, Direction, Refusal, Reply, request_hash, to_json

SQL = Path(__file__).parent / "sql"

Key = tuple[UUID, str, str, int]
"""Saga, step, direction, epoch: the identity of an effect."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One effect in the inbox; `outcome` is replied, refused, or cancelled (a tombstone)."""

    key: Key
    outcome: str
    reply: dict[str, Any] = field(default_factory=dict)
    request_hash: bytes = b""


def key_of(call: Call[Any]) -> Key:
    """Return the identity under which a call's effect is stored."""
    return (call.saga_id, call.step, str(call.direction), call.epoch)


SHUTS = {
    Direction.FORWARD: (),
    Direction.BACKWARD: (Direction.FORWARD,),
    Direction.WAIVER: (Direction.FORWARD, Direction.BACKWARD),
    Direction.SKIP: (Direction.FORWARD,),
}
"""Which effects of its step nobody may have any more once an effect was handled, by what it is."""


def shut_by(call: Call[Any]) -> list[Key]:
    """Return the identities of the effects that a call makes impossible: a late one finds a tombstone."""
    return [(call.saga_id, call.step, str(effect), call.epoch) for effect in SHUTS[call.direction]]


def entry_of(call: Call[Any], reply: Reply) -> Entry:
    """Return the entry that stores the reply to a call."""
    outcome = "refused" if isinstance(reply, Refusal) else "replied"
    stored = {"type": type(reply).__name__, "data": to_json(reply)}
    if isinstance(reply, Refusal):
        stored |= {"code": reply.code, "message": reply.message}
    return Entry(key=key_of(call), outcome=outcome, reply=stored, request_hash=request_hash(call.command))


def tombstones(call: Call[Any], known: Container[Key]) -> list[Entry]:
    """Return the entries that stand where effects would that must not come any more: a late one does nothing."""
    fingerprint = request_hash(call.command)
    return [Entry(key=key, outcome="cancelled", request_hash=fingerprint) for key in shut_by(call) if key not in known]


def find(saga_ids: Sequence[UUID], *, using: str, lease_seconds: float) -> dict[Key, Entry]:
    """
    Return every entry of these sagas in one database, by identity; one statement, the first of its transaction.

    From then on no statement of the transaction takes longer than a third of the lease, none waits longer than a sixth
    for a lock, and a worker that says nothing for a whole lease loses its session: somebody else has its sagas by then.
    """
    with connections[using].cursor() as cursor:
        cursor.execute(query(SQL, "inbox_find"), limits(lease_seconds) | {"saga_ids": list(saga_ids)})
        return {
            (saga_id, step, direction, epoch): Entry(
                key=(saga_id, step, direction, epoch),
                outcome=outcome,
                reply=msgspec.json.decode(reply) if reply else {},
                request_hash=bytes(fingerprint),
            )
            for saga_id, step, direction, epoch, outcome, reply, fingerprint in cursor.fetchall()
            if saga_id is not None
        }


def store(entries: Iterable[Entry], *, using: str) -> None:
    """Write entries, inside the caller's transaction; one statement, none for no entry."""
    rows = sorted(entries, key=lambda entry: entry.key)
    if not rows:
        return
    with connections[using].cursor() as cursor:
        cursor.execute(
            query(SQL, "inbox_store"),
            [
                [row.key[0] for row in rows],
                [row.key[1] for row in rows],
                [row.key[2] for row in rows],
                [row.key[3] for row in rows],
                [row.outcome for row in rows],
                [msgspec.json.encode(row.reply).decode() for row in rows],
                [row.request_hash for row in rows],
            ],
        )
