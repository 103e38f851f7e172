"""
Which sessions were ended while their access tokens are still good: what every process must know within a second.

The cache holds the ids of the last minutes, and each process reads them at most once a second, so that a request costs
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
from redis.exceptions import ConnectionError as CacheConnectionError
from redis.exceptions import TimeoutError as CacheTimeoutError

from apps.accounts.models import Session
from apps.core import clock

KEY = "accounts:ended-sessions"
# Always a member: its absence shows that the cache lost its memory.
COMPLETE = "complete"
MAX_AGE_SECONDS = 0.5
# How long a cache that did not answer is left alone; a hanging one would hold up every request.
REST_SECONDS = 5.0
CLOCK_SKEW_SECONDS = 60
CACHE_DOWN = (CacheConnectionError, CacheTimeoutError)

logger = structlog.get_logger(__name__)


def window() -> timedelta:
    """Return how long an ended session matters: as long as an access token of it may be good."""
    return timedelta(seconds=settings.ACCESS_TOKEN_SECONDS + CLOCK_SKEW_SECONDS)


class EndedSessions:
    """What one process knows of the sessions that ended in the last minutes."""

    def __init__(self, connect: Callable[[], Redis] = get_redis_connection, key: str = KEY) -> None:
        self.connect = connect
        self.key = key
        self.ids: frozenset[str] = frozenset()
        self.read_at = -inf
        self.cache_rests_until = -inf
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
        since = clock.now() - window()
        began = time.monotonic()
        self.ids = self.from_cache(since) or self.from_table(since)
        self.read_at = began

    def from_cache(self, since: datetime) -> frozenset[str] | None:
        if self.cache_needs_repair or time.monotonic() < self.cache_rests_until:
            return None
        try:
            members = cast(list[bytes], self.connect().zrangebyscore(self.key, since.timestamp(), inf))
        except CACHE_DOWN as error:
            self.leave_cache_alone(error)
            return None
        ids = frozenset(member.decode() for member in members)
        return ids if COMPLETE in ids else None

    def from_table(self, since: datetime) -> frozenset[str]:
        rows = Session.objects.filter(ended_at__gt=since).values_list("id", "ended_at").order_by()
        ended = {session_id.hex: at for session_id, at in rows if at}
        if time.monotonic() >= self.cache_rests_until:
            self.cache_needs_repair = not self.tell_cache(ended, complete=True)
        return frozenset(ended)

    def announce(self, session_ids: Collection[UUID], now: datetime) -> None:
        """Make it known here at once and everywhere within a second; call it after the commit."""
        ended = {session_id.hex: now for session_id in session_ids}
        self.ids |= ended.keys()
        if ended and not self.tell_cache(ended):
            self.cache_needs_repair = True

    def tell_cache(self, ended: dict[str, datetime], *, complete: bool = False) -> bool:
        scores = {session_id: at.timestamp() for session_id, at in ended.items()} | (
            {COMPLETE: inf} if complete else {}
        )
        try:
            with self.connect().pipeline(transaction=True) as pipe:
                pipe.zadd(self.key, scores)
                pipe.zremrangebyscore(self.key, 0, (clock.now() - window()).timestamp())
                pipe.execute()
        except CACHE_DOWN as error:
            self.leave_cache_alone(error)
            return False
        return True

    def leave_cache_alone(self, error: Exception) -> None:
        self.cache_needs_repair = True
        self.cache_rests_until = time.monotonic() + REST_SECONDS
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
