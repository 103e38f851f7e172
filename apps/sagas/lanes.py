"""
A lane: the due steps of one participant, worked on in batches.

A turn claims a batch, runs its commands in the participant's database together with their stored replies (one commit),
and settles it (one commit). Whatever fell due meanwhile is the next batch. Steps of one participant that follow each
other run in one transaction. A batch that raises is rolled back and halved until the culprit fails alone.
"""

import logging
import time
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db import Error, connections, transaction

from apps.core.failpoints import failpoint

from . import inbox
from .calls import answers, grouped, new_entries, outcome_of, stored_outcome
from .definition import Cause
from .execution import can_turn_back, turn_back
from .faults import Fault, described, fault_of
from .inbox import Entry, Key
from .messages import Call, Reply, Unknown
from .orchestrator import call_of, claim, home
from .participant import PARTICIPANTS, Participant
from .progress import Failed, Outcome, Postponed
from .settlement import Settlement, settle

logger = logging.getLogger(__name__)

POISON_AFTER_CLAIMS = 5
"""After so many claims it is not run again but counted as failed."""
CONFLICT_TRIES = 3
POSTPONE_SECONDS = 2.0


def run_lane(lane: str, *, seconds: float = 20.0) -> int:
    """Work on a lane until nothing is due or the time is up; return how many claims were worked on."""
    stop_at, worked = time.monotonic() + seconds, 0
    while time.monotonic() < stop_at:
        claimed = run_batch(lane)
        if not claimed:
            break
        worked += claimed
    return worked


def run_batch(lane: str) -> int:
    """
    Claim one batch of a lane, run it, settle it; return how many sagas were claimed.

    Raises:
        django.db.Error: the database of the sagas is out of reach; what was claimed comes due again by its lease.
    """
    participant = PARTICIPANTS[lane]
    try:
        claims = claim(lane, limit=settings.SAGA_BATCH, lease_seconds=participant.lease_seconds)
        failpoint("after_claim")
        waiting = [_in_time(Settlement(claim=one, progress=one.progress)) for one in claims]
        # Local steps run in the settle; so does what its deadline sent to another lane, which is only moved there.
        by_place = grouped(waiting, lambda one: one.lane == lane and participant.database != home())
        ran = [one for group in _groups(by_place.get(True, [])) for one in _run(participant, group)]
        settle(ran + by_place.get(False, []))
    except Error:
        connections[home()].close()
        raise
    return len(claims)


def _in_time(one: Settlement) -> Settlement:
    """Turn a saga back whose deadline has passed, while it can be undone; after the pivot it is carried on."""
    claim, progress = one.claim, one.progress
    if not claim.overdue or not can_turn_back(claim.saga, progress):
        return one
    cause = Cause(
        step=claim.saga.steps[progress.step].name,
        code="deadline_passed",
        message=claim.saga.apology,
    )
    return one.then(turn_back(claim.saga, progress, cause))


def _groups(settlements: Sequence[Settlement]) -> list[list[Settlement]]:
    """Part a batch by saga and step."""

    def key(one: Settlement) -> tuple[Any, ...]:
        return (one.claim.saga.name, one.claim.saga.version, one.progress.step, one.progress.direction)

    return list(grouped(settlements, key).values())


def _run(participant: Participant, group: list[Settlement], tries: int = 1) -> list[Settlement]:
    """Run one group, whatever it raises."""
    if group[0].claim.attempt > POISON_AFTER_CLAIMS:
        return [one.after(Failed(error=f"{one.claim.attempt - 1} workers died of it")) for one in group]
    try:
        return _carry(participant, group)
    except Exception as error:
        fault = fault_of(error)
        if fault is Fault.UNREACHABLE:
            connections[participant.database].close()
            logger.warning("participant_unreachable", extra={"lane": participant.name, "error": described(error)})
            return [one.after(Postponed(error=described(error), seconds=POSTPONE_SECONDS)) for one in group]
        if fault is Fault.CONFLICT and tries < CONFLICT_TRIES:
            return _run(participant, group, tries + 1)
        if len(group) > 1:
            middle = len(group) // 2
            return _run(participant, group[:middle]) + _run(participant, group[middle:])
        logger.exception("saga_step_failed", extra=group[0].logged)
        return [group[0].after(Failed(error=described(error)))]


def _carry(participant: Participant, group: list[Settlement]) -> list[Settlement]:
    command = type(call_of(group[0].claim, group[0].progress).command)
    if participant.handler(command) is None:
        return _carry_external(participant, group)
    return _carry_plain(participant, group)


def _carry_plain(participant: Participant, group: list[Settlement]) -> list[Settlement]:
    """Run a chain of plain steps, in one transaction of the participant."""
    using = participant.database
    done: list[Settlement] = []
    with transaction.atomic(using=using):
        known = inbox.find([one.claim.saga_id for one in group], using=using)
        entries: list[Entry] = []
        waiting = group
        while waiting:
            moved = _step(participant, waiting, known, entries)
            done += [one for one in moved if not _follows(participant, one)]
            waiting = [one for one in moved if _follows(participant, one)]
        inbox.store(entries, using=using)
        failpoint("before_participant_commit")
    failpoint("after_participant_commit")
    return done


def _follows(participant: Participant, one: Settlement) -> bool:
    """Whether the next step can run in the same transaction."""
    if not one.due_now or one.lane != participant.name:
        return False
    return participant.handler(type(call_of(one.claim, one.progress).command)) is not None


def _step(
    participant: Participant, waiting: list[Settlement], known: dict[Key, Entry], entries: list[Entry]
) -> list[Settlement]:
    """Run one step of each saga, each kind of command as one call of its handler; note what is to be stored."""
    calls = [call_of(one.claim, one.progress) for one in waiting]
    outcomes: dict[Key, Outcome] = {}
    fresh: list[Call[Any]] = []
    for call in calls:
        entry = known.get(inbox.key_of(call))
        if entry:
            outcomes[inbox.key_of(call)] = stored_outcome(call, entry, known)
        else:
            fresh.append(call)
    for group in grouped(fresh, lambda call: type(call.command)).values():
        for call, reply in zip(group, answers(participant, group), strict=True):
            outcomes[inbox.key_of(call)] = outcome_of(reply)
            _note(call, reply, known, entries)
    return [one.after(outcomes[inbox.key_of(call)]) for one, call in zip(waiting, calls, strict=True)]


def _note(call: Call[Any], reply: Reply, known: dict[Key, Entry], entries: list[Entry]) -> None:
    new = new_entries(call, reply, known)
    entries += new
    known.update({entry.key: entry for entry in new})


def _carry_external(participant: Participant, group: list[Settlement]) -> list[Settlement]:
    """Run one external step: intent in one commit, the act, its record and reply in another."""
    using = participant.database
    calls = [call_of(one.claim, one.progress) for one in group]
    external = participant.external(type(calls[0].command))
    outcomes: dict[Key, Outcome] = {}
    works: list[tuple[Call[Any], Any]] = []
    with transaction.atomic(using=using):
        known = inbox.find([call.saga_id for call in calls], using=using)
        entries: list[Entry] = []
        fresh = []
        for call in calls:
            if entry := known.get(inbox.key_of(call)):
                outcomes[inbox.key_of(call)] = stored_outcome(call, entry, known)
            else:
                fresh.append(call)
        prepared = external.prepare(fresh) if fresh else []
        for call, work in zip(fresh, prepared, strict=True):
            if isinstance(work, Reply):
                outcomes[inbox.key_of(call)] = outcome_of(work)
                _note(call, work, known, entries)
            else:
                works.append((call, work))
                entries += _missing_tombstone(call, known)
        inbox.store(entries, using=using)
        failpoint("before_intent_commit")
    failpoint("after_intent")
    if works:
        outcomes |= _perform(participant, works)
    return [one.after(outcomes[inbox.key_of(call)]) for one, call in zip(group, calls, strict=True)]


def _missing_tombstone(call: Call[Any], known: dict[Key, Entry]) -> list[Entry]:
    """The tombstone is committed before the outside world is asked, so that no late forward call slips in between."""
    if call.direction == "forward" or inbox.forward_key_of(call) in known:
        return []
    return [inbox.tombstone(call)]


def _perform(participant: Participant, works: list[tuple[Call[Any], Any]]) -> dict[Key, Outcome]:
    """Act outside, then store what is known of it."""
    using, external = participant.database, participant.external(type(works[0][0].command))
    results = external.perform([work for _, work in works])
    failpoint("after_perform")
    with transaction.atomic(using=using):
        replies = external.record([work for _, work in works], results)
        answered = [(call, reply) for (call, _), reply in zip(works, replies, strict=True) if isinstance(reply, Reply)]
        inbox.store([inbox.entry_of(call, reply) for call, reply in answered], using=using)
        failpoint("before_record_commit")
    failpoint("after_record")
    return {
        inbox.key_of(call): reply if isinstance(reply, Unknown) else outcome_of(reply)
        for (call, _), reply in zip(works, replies, strict=True)
    }
