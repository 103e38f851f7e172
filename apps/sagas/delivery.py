"""
The executing side of a participant: chains of calls come in, outcomes go out.

It knows the participant's handlers and its database, and nothing of sagas' definitions or where sagas live. The calls
of a chain run in one transaction with their stored replies, each kind of command of a batch as one call of its handler.
A batch that raises is rolled back and halved until the culprit fails alone.
"""

import logging
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

from django.db import connections, transaction

from apps.core.failpoints import failpoint

from . import inbox
from .calls import answers, grouped, kept, new_entries, outcome_of, stored_outcome
from .faults import Fault, described, failed, fault_of
from .inbox import Entry, Key
from .limits import limit
from .messages import Call, Direction, Reply, Unknown, Unreachable
from .participant import External, Participant
from .progress import Answered, LeftOut, Outcome, Postponed

logger = logging.getLogger(__name__)

CONFLICT_TRIES = 3
POSTPONE_SECONDS = 2.0

T = TypeVar("T", bound=Sequence[Any])
Chain = Sequence[Call[Any]]
"""The calls of one saga that follow each other at one participant, as they run when each of them is answered."""
Outcomes = tuple[Outcome, ...]
"""What became of the first calls of a chain, in their order; all but the last are Answered."""


def execute(participant: Participant, chains: Sequence[Chain]) -> dict[UUID, Outcomes]:
    """
    Run a batch of chains, one a saga; never raises for what a handler or its database does.

    A chain stops at its first outcome that is not Answered, and before an external effect, which runs alone.

    Returns:
        At least one outcome a saga.
    """
    groups = grouped(chains, lambda chain: type(chain[0].command)).values()
    return {saga_id: outcomes for group in groups for saga_id, outcomes in _run(participant, group).items()}


def _run(participant: Participant, chains: Sequence[Chain]) -> dict[UUID, Outcomes]:
    """Run chains that begin with the same kind of command, whatever they raise."""
    return _surviving(participant, chains, lambda some, again: _carry(participant, some))


def _surviving(
    participant: Participant,
    batch: Sequence[T],
    carry: Callable[[Sequence[T], bool], dict[UUID, Outcomes]],
    tries: int = 1,
) -> dict[UUID, Outcomes]:
    """
    Carry a batch whatever that raises; each member begins with the call by which it is known.

    `carry` is told whether it was tried before. What loses races again and again is parted into halves with one try
    each: where somebody holds a lock for long, a batch must not wait for it once a half.
    """
    try:
        return carry(batch, tries > 1)
    except Exception as error:
        fault = fault_of(error)
        if fault is Fault.UNREACHABLE:
            connections[participant.database].close()
            logger.warning("participant_unreachable", extra={"lane": participant.name, "error": described(error)})
            return _all(batch, Postponed(error=described(error), seconds=POSTPONE_SECONDS))
        if fault is Fault.CONFLICT and tries < CONFLICT_TRIES:
            return _surviving(participant, batch, carry, tries + 1)
        if len(batch) > 1:
            middle, left = len(batch) // 2, tries if fault is Fault.CONFLICT else 1
            first, second = batch[:middle], batch[middle:]
            return _surviving(participant, first, carry, left) | _surviving(participant, second, carry, left)
        logger.exception("saga_step_failed", extra=logged(batch[0][0]))
        return _all(batch, failed(error))


def _all(batch: Sequence[Sequence[Any]], outcome: Outcome) -> dict[UUID, Outcomes]:
    return {one[0].saga_id: (outcome,) for one in batch}


def logged(call: Call[Any]) -> dict[str, str]:
    """What a line of the log says about a call."""
    return {"saga_id": str(call.saga_id), "step": call.step, "direction": str(call.direction)}


def _carry(participant: Participant, chains: Sequence[Chain]) -> dict[UUID, Outcomes]:
    if _plain(participant, chains[0][0]):
        return _carry_plain(participant, chains)
    return _carry_external(participant, [chain[0] for chain in chains])


def _plain(participant: Participant, call: Call[Any]) -> bool:
    return call.direction is Direction.SKIP or participant.handler(type(call.command)) is not None


class _Notes:
    """What the inbox knew of a batch when its transaction began, what became of each call, and what is to be stored."""

    def __init__(self, saga_ids: Sequence[UUID], participant: Participant) -> None:
        self.using = participant.database
        self.known = inbox.find(saga_ids, using=self.using, lease_seconds=participant.lease_seconds)
        self.outcomes: dict[Key, Outcome] = {}
        self.entries: list[Entry] = []

    def fresh(self, calls: Sequence[Call[Any]]) -> list[Call[Any]]:
        """Return the calls that a handler is to see; the others have their outcome, by the inbox or by the engine."""
        fresh = []
        for call in calls:
            key = inbox.key_of(call)
            if call.direction is Direction.SKIP:
                self.outcomes[key] = self._left_out(call)
            elif key in self.known:
                self.outcomes[key] = stored_outcome(call, self.known[key], self.known)
            else:
                fresh.append(call)
        return fresh

    def _left_out(self, call: Call[Any]) -> Outcome:
        """Note that a step must not be done any more, unless it is done."""
        done = self.known.get((call.saga_id, call.step, str(Direction.FORWARD), call.epoch))
        if done and done.outcome == "replied":
            return Answered(reply=done.reply)
        self.tombstone(call)
        return LeftOut()

    def reply(self, call: Call[Any], reply: Reply) -> None:
        """Note the reply to a fresh call."""
        self.outcomes[inbox.key_of(call)] = outcome_of(reply)
        self._add(new_entries(call, reply, self.known))

    def tombstone(self, call: Call[Any]) -> None:
        """Note which missing effects must not come any more."""
        self._add(inbox.tombstones(call, self.known))

    def store(self) -> None:
        """Write what is new into the inbox."""
        inbox.store(self.entries, using=self.using)

    def _add(self, entries: list[Entry]) -> None:
        self.entries += entries
        self.known.update({entry.key: entry for entry in entries})


def _carry_plain(participant: Participant, chains: Sequence[Chain]) -> dict[UUID, Outcomes]:
    """Run chains of plain calls, in one transaction of the participant."""
    results: dict[UUID, Outcomes] = {chain[0].saga_id: () for chain in chains}
    with transaction.atomic(using=participant.database):
        notes = _Notes(list(results), participant)
        waiting, at = chains, 0
        while waiting:
            _step(participant, [chain[at] for chain in waiting], notes)
            for chain in waiting:
                results[chain[at].saga_id] += (notes.outcomes[inbox.key_of(chain[at])],)
            at += 1
            waiting = [one for one in waiting if _goes_on(participant, one[at:], results[one[0].saga_id][-1])]
        notes.store()
        failpoint("before_participant_commit")
    failpoint("after_participant_commit")
    return results


def _goes_on(participant: Participant, rest: Chain, last: Outcome) -> bool:
    """Whether the next call of a chain runs in the same transaction."""
    return bool(rest) and isinstance(last, Answered) and _plain(participant, rest[0])


def _step(participant: Participant, calls: Sequence[Call[Any]], notes: _Notes) -> None:
    """Run one call of each saga, each kind of command as one call of its handler."""
    for group in grouped(notes.fresh(calls), lambda call: type(call.command)).values():
        for call, reply in zip(group, answers(participant, group), strict=True):
            notes.reply(call, reply)


def _carry_external(participant: Participant, calls: Sequence[Call[Any]]) -> dict[UUID, Outcomes]:
    """Run one external call of each saga: intent in one commit, the act, its record and reply in another."""
    external = participant.external(type(calls[0].command))
    works: list[tuple[Call[Any], Any]] = []
    with transaction.atomic(using=participant.database):
        notes = _Notes([call.saga_id for call in calls], participant)
        fresh = notes.fresh(calls)
        prepared = external.prepare(fresh) if fresh else []
        for call, work in zip(fresh, prepared, strict=True):
            if isinstance(work, Reply):
                notes.reply(call, work)
            else:
                works.append((call, work))
                # Committed before the outside world is asked, so that no late forward call slips in between.
                notes.tombstone(call)
        notes.store()
        failpoint("before_intent_commit")
    failpoint("after_intent")
    known = {call.saga_id: notes.outcomes[inbox.key_of(call)] for call in calls if inbox.key_of(call) in notes.outcomes}
    return {saga_id: (outcome,) for saga_id, outcome in known.items()} | _performed(participant, works)


class _Heard(NamedTuple):
    """A call, the work it left to do, and what the outside world said to that."""

    call: Call[Any]
    work: Any
    result: Any


def _performed(participant: Participant, works: list[tuple[Call[Any], Any]]) -> dict[UUID, Outcomes]:
    """Act outside, then store what is known of it; where that fails, it is tried with the results in hand."""
    if not works:
        return {}
    external = participant.external(type(works[0][0].command))
    results = external.perform([work for _, work in works])
    failpoint("after_perform")
    heard = [_Heard(call, work, result) for (call, work), result in zip(works, results, strict=True)]
    outcomes = _surviving(participant, heard, lambda some, again: _record(participant, external, some, again))
    return _judged(outcomes)


def _judged(outcomes: dict[UUID, Outcomes]) -> dict[UUID, Outcomes]:
    """Postpone a batch of which nobody reached anybody; where others got through, silence is a try like another."""
    silent = all(isinstance(outcome, Unreachable) for (outcome,) in outcomes.values())
    return {saga_id: (_plainly(outcome, silent),) for saga_id, (outcome,) in outcomes.items()}


def _plainly(outcome: Outcome, silent: bool) -> Outcome:
    """Return an outcome without what only a gateway tells of it."""
    if not isinstance(outcome, Unknown):
        return outcome
    if silent:
        return Postponed(error=outcome.error, seconds=POSTPONE_SECONDS, asked=True)
    return Unknown(error=outcome.error)


def _record(
    participant: Participant, external: External[Any, Any, Any], heard: Sequence[_Heard], again: bool
) -> dict[UUID, Outcomes]:
    """Store what the outside world said; after a lost race, only what nobody else has stored."""
    using, lease_seconds = participant.database, participant.lease_seconds
    with transaction.atomic(using=using):
        limit(using=using, lease_seconds=lease_seconds)
        saga_ids = [one.call.saga_id for one in heard]
        known = inbox.find(saga_ids, using=using, lease_seconds=lease_seconds) if again else {}
        fresh = [one for one in heard if inbox.key_of(one.call) not in known]
        replies = external.record([one.work for one in fresh], [one.result for one in fresh]) if fresh else []
        told = [(one.call, reply) for one, reply in zip(fresh, replies, strict=True)]
        answered = [entry for call, reply in told if isinstance(reply, Reply) for entry in kept(call, reply)]
        inbox.store(answered, using=using)
        failpoint("before_record_commit")
    failpoint("after_record")
    stored = [(one.call, known[inbox.key_of(one.call)]) for one in heard if inbox.key_of(one.call) in known]
    outcomes = {call.saga_id: reply if isinstance(reply, Unknown) else outcome_of(reply) for call, reply in told}
    outcomes |= {call.saga_id: stored_outcome(call, entry, known) for call, entry in stored}
    return {saga_id: (outcome,) for saga_id, outcome in outcomes.items()}
