"""
Which sessions were ended while their access tokens are still good: what every process must know within a second.

The cache holds the ids of the last minutes, and each process reads them at most twice a second, so that a request costs
neither a query nor a round trip. The cache is never the truth: where it is down, was emptied, or missed an
announcement, the sessions table is read instead, as often, and the cache is filled again from there.
"""

import threading
import time
from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from math import inf
from typing import cast
from uuid import UUID

import structlog
from django.conf import settings
from django_redis import get_redis_connection
from redis import Redis

from apps.accounts.models import Session
from apps.core import clock
from apps.core.circuit import CACHE, CACHE_UNREACHABLE, Circuit, CircuitOpen

KEY = "accounts:ended-sessions"
# Always a member: its absence shows that the cache lost its memory.
COMPLETE = "complete"
MAX_AGE_SECONDS = 0.5
CLOCK_SKEW_SECONDS = 60

logger = structlog.get_logger(__name__)


def _window() -> timedelta:
    """Return how long an ended session matters: as long as an access token of it may be good."""
    return timedelta(seconds=settings.ACCESS_TOKEN_SECONDS + CLOCK_SKEW_SECONDS)


class EndedSessions:
    """What one process knows of the sessions that ended in the last minutes."""

    def __init__(
        self, connect: Callable[[], Redis] = get_redis_connection, key: str = KEY, circuit: Circuit = CACHE
    ) -> None:
        self.connect = connect
        self.key = key
        self.circuit = circuit
        self.ids: frozenset[str] = frozenset()
        self.read_at = -inf
        # The cache may have missed something: fill it from the table before it is believed again.
        self.cache_needs_repair = False
        self.lock = threading.Lock()

    def __contains__(self, session_id: UUID) -> bool:
        if time.monotonic() - self.read_at >= MAX_AGE_SECONDS:
            with self.lock:
                if time.monotonic() - self.read_at >= MAX_AGE_SECONDS:
                    self.reread()
        return session_id.hex in self.ids

    def reread(self) -> None:
        since = clock.now() - _window()
        began = time.monotonic()
        self.ids = self.from_cache(since) or self.from_table(since)
        self.read_at = began

    def from_cache(self, since: datetime) -> frozenset[str] | None:
        if self.cache_needs_repair:
            return None
        try:
            members = self.circuit.call(lambda: self.connect().zrangebyscore(self.key, since.timestamp(), inf))
        except CACHE_UNREACHABLE as error:
            self.note_failure(error)
            return None
        ids = frozenset(member.decode() for member in cast(list[bytes], members))
        return ids if COMPLETE in ids else None

    def from_table(self, since: datetime) -> frozenset[str]:
        rows = Session.objects.filter(ended_at__gt=since).values_list("id", "ended_at").order_by()
        ended = {session_id.hex: at for session_id, at in rows if at}
        scores = {session_id: at.timestamp() for session_id, at in ended.items()} | {COMPLETE: inf}
        try:
            self.circuit.call(lambda: self.tell_cache(scores))
            self.cache_needs_repair = False
        except CACHE_UNREACHABLE as error:
            self.note_failure(error)
        return frozenset(ended)

    def announce(self, session_ids: Collection[UUID], now: datetime) -> None:
        """Make it known here at once and everywhere within a second; call it after the commit."""
        scores = {session_id.hex: now.timestamp() for session_id in session_ids}
        self.ids |= scores.keys()
        if not scores:
            return
        try:
            # Past the circuit: the others should know even where this process had trouble with the cache a moment ago.
            self.tell_cache(scores)
        except CACHE_UNREACHABLE as error:
            self.note_failure(error)

    def tell_cache(self, scores: dict[str, float]) -> None:
        with self.connect().pipeline(transaction=True) as pipe:
            pipe.zadd(self.key, scores)
            pipe.zremrangebyscore(self.key, 0, (clock.now() - _window()).timestamp())
            pipe.execute()

    def note_failure(self, error: Exception) -> None:
        self.cache_needs_repair = True
        if not isinstance(error, CircuitOpen):
            logger.warning("session_cache_down", error=str(error))


ended_sessions = EndedSessions()


def announce(session_ids: Collection[UUID], *, now: datetime) -> None:
    """Tell every process that these sessions are over; never raises for a cache that is down."""
    ended_sessions.announce(session_ids, now)


def is_ended(session_id: UUID) -> bool:
    """
    Return whether a session was ended in the life of its access tokens.

    No query and no round trip in most calls, see the module. Errors of the database are not caught: where neither
    cache nor table can be asked, nobody is let in.
    """
    return session_id in ended_sessions
