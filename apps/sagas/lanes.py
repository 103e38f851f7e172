"""
A lane: the due steps of one participant, worked on in batches.

A turn claims a batch, has the participant execute it, and settles it (one commit). Whatever fell due meanwhile is the
next batch. A command is built from the saga's data alone, so the steps of one participant that follow each other are
handed over together, and run in one transaction.
"""

import logging
import time
from collections.abc import Sequence
from functools import reduce
from typing import Any

from django.conf import settings
from django.db import Error, connections

from apps.core.failpoints import failpoint

from .calls import grouped
from .circuits import circuit_of
from .definition import Cause
from .execution import can_turn_back, turn_back
from .faults import failed
from .messages import Call
from .orchestrator import call_of, claim, home
from .participant import PARTICIPANTS, Participant
from .progress import Answered, Failed, State
from .settlement import Settlement, settle
from .transport.port import execute

logger = logging.getLogger(__name__)

POISON_AFTER_CLAIMS = 5
"""After so many claims it is not run again but counted as failed."""


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
    Claim one batch of a lane, run it, settle it; return how many sagas were claimed: none while its circuit rests.

    Raises:
        django.db.Error: the database of the sagas is out of reach; what was claimed comes due again by its lease.
    """
    participant, circuit = PARTICIPANTS[lane], circuit_of(lane)
    limit = circuit.limit(settings.SAGA_BATCH)
    if not limit:
        return 0
    try:
        claims = claim(lane, limit=limit, lease_seconds=participant.lease_seconds)
        if not claims:
            return 0
        failpoint("after_claim")
        waiting = [_in_time(Settlement(claim=one, progress=one.progress)) for one in claims]
        # Local steps run in the settle; so does what its deadline sent to another lane, which is only moved there.
        by_place = grouped(waiting, lambda one: one.lane == lane and participant.database != home())
        settle(_run(participant, by_place.get(True, [])) + by_place.get(False, []))
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


def _run(participant: Participant, waiting: Sequence[Settlement]) -> list[Settlement]:
    """
    Have a participant execute the steps under the cursors; return what became of each saga.

    A saga of which nothing is known is missing: its lease runs out, and its claim counts.
    """
    chains = [_chain_or_failure(one) for one in waiting]
    executed = execute(participant, [chain for chain in chains if not isinstance(chain, Failed)])
    results = circuit_of(participant.name).judged(executed)
    outcomes = [
        (chain,) if isinstance(chain, Failed) else results.get(one.claim.saga_id)
        for one, chain in zip(waiting, chains, strict=True)
    ]
    return [reduce(Settlement.after, known, one) for one, known in zip(waiting, outcomes, strict=True) if known]


def _chain_or_failure(one: Settlement) -> list[Call[Any]] | Failed:
    if one.claim.attempt > POISON_AFTER_CLAIMS:
        return Failed(error=f"{one.claim.attempt - 1} workers died of it")
    try:
        return chain_of(one)
    except Exception as error:
        # A declaration that cannot build its command is code of an app, as a handler is.
        logger.exception("saga_step_failed", extra=one.logged)
        return failed(error)


def chain_of(one: Settlement) -> list[Call[Any]]:
    """
    Return the calls that follow each other at the participant under the cursor, if each of them is answered.

    What must succeed in the end goes alone once it has failed: it may have been the next one that took it along. What
    is left out goes alone too, for it may turn out to be done.
    """
    failed_before = one.progress.failures > 0 and not can_turn_back(one.claim.saga, one.progress)
    alone = failed_before or one.progress.states[one.progress.step] is State.SKIPPING
    lane, chain = one.lane, []
    while one.lane == lane:
        chain.append(call_of(one.claim, one.progress))
        one = one.after(Answered())
        if alone or not one.due_now:
            break
    return chain
