"""
Finished response bodies in the cache, and how they become stale.

A body is stored with the versions of its tags, such as `product:linen-shirt`. Raising a tag's number makes every body
that bears it stale at once; no key is searched for. A stale body is rebuilt by one request while others still get it.
The cache is never needed: without it every body is rendered from the database.
"""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, cast

from django.core.cache import caches
from prometheus_client import Counter
from redis import Redis

from .circuit import CACHE, CACHE_UNREACHABLE
from .etag import etag_of
from .exceptions import NotFound

# A rebuild that takes longer has probably died: then the next request rebuilds.
REBUILD_SECONDS = 10
# Longer than any body lives. A tag whose number is gone gets one that no body has ever borne.
TAG_SECONDS = 86_400

ANSWERS = Counter("body_cache_answers_total", "Bodies answered, by how they came about.", ["cache", "outcome"])
# Tags that became stale while the cache was out of reach; told as soon as it is back.
OWED: set[str] = set()


@dataclass(frozen=True, slots=True)
class Body:
    """A finished response body and its entity tag."""

    content: bytes
    etag: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A body as it is stored, with the versions of its tags when it was rendered."""

    versions: bytes
    fresh_until: float
    body: Body

    def encoded(self) -> bytes:
        return b"\n".join((self.versions, str(self.fresh_until).encode(), self.body.etag.encode(), self.body.content))

    @classmethod
    def decoded(cls, stored: bytes | None) -> "Entry | None":
        if not stored:
            return None
        versions, fresh_until, etag, content = stored.split(b"\n", 3)
        return cls(versions, float(fresh_until), Body(content, etag.decode()))


class BodyCache:
    """Bodies of one kind; each is fresh for `seconds`, and kept as long again to be answered while it is rebuilt."""

    def __init__(self, name: str, *, seconds: int) -> None:
        self.name = name
        self.seconds = seconds

    def fetch(self, key: str, *, tags: Sequence[str], render: Callable[[], bytes]) -> Body:
        """
        Return the body under a key: the stored one while it is fresh, a stale one while another request rebuilds it.

        Args:
            key: names the body within this cache; any text.
            tags: what the body depends on; `invalidate` any of them and it is stale.
            render: makes the body from the database.

        Raises:
            NotFound: render found nothing to show; that is not stored, and a body stored before is dropped.
        """
        try:
            entry, versions = CACHE.call(lambda: self._read(key, tags))
        except CACHE_UNREACHABLE:
            return self._answer("unreachable", render())
        if entry and entry.versions == versions and entry.fresh_until > time.time():
            return self._answer("fresh", entry.body)
        if entry and not self._may_rebuild(key):
            return self._answer("stale", entry.body)
        return self._rebuild(key, versions, render)

    def _rebuild(self, key: str, versions: bytes, render: Callable[[], bytes]) -> Body:
        try:
            content = render()
        except NotFound:
            self._write(lambda redis: redis.delete(self._entry(key), self._lock(key)))
            raise
        except BaseException:
            self._write(lambda redis: redis.delete(self._lock(key)))
            raise
        body = Body(content, etag_of(content))
        self._write(lambda redis: self._store(redis, key, versions, body))
        return self._answer("rebuilt", body)

    def _answer(self, outcome: str, body: Body | bytes) -> Body:
        ANSWERS.labels(self.name, outcome).inc()
        return Body(body, etag_of(body)) if isinstance(body, bytes) else body

    def _read(self, key: str, tags: Sequence[str]) -> tuple[Entry | None, bytes]:
        redis = connection()
        if OWED:
            raise_versions(redis, list(OWED))
            OWED.clear()
        stored, *versions = values(redis, [self._entry(key), *map(tag_key, tags)])
        known = [version for version in versions if version is not None]
        return Entry.decoded(stored), b",".join(known if len(known) == len(tags) else seeded(redis, tags))

    def _may_rebuild(self, key: str) -> bool:
        try:
            return bool(CACHE.call(lambda: connection().set(self._lock(key), b"1", nx=True, ex=REBUILD_SECONDS)))
        except CACHE_UNREACHABLE:
            return True

    def _store(self, redis: Redis, key: str, versions: bytes, body: Body) -> None:
        entry = Entry(versions, time.time() + self.seconds, body)
        with redis.pipeline(transaction=False) as steps:
            steps.set(self._entry(key), entry.encoded(), ex=2 * self.seconds)
            steps.delete(self._lock(key))
            steps.execute()

    def _write(self, step: Callable[[Redis], Any]) -> None:
        try:
            CACHE.call(lambda: step(connection()))
        except CACHE_UNREACHABLE:
            return

    def _entry(self, key: str) -> str:
        return prefixed(f"body:{self.name}:{key}")

    def _lock(self, key: str) -> str:
        return prefixed(f"body-lock:{self.name}:{key}")


def invalidate(tags: Iterable[str]) -> None:
    """
    Make every body with one of these tags stale. Call it after the commit of what changed.

    With the cache out of reach the tags are remembered, and told before this process next reads the cache; until then
    other processes may answer old bodies, at most for as long as those are fresh.
    """
    stale = set(tags)
    try:
        CACHE.call(lambda: raise_versions(connection(), sorted(stale)))
    except CACHE_UNREACHABLE:
        OWED.update(stale)


def raise_versions(redis: Redis, tags: Sequence[str]) -> None:
    with redis.pipeline(transaction=False) as steps:
        for tag in tags:
            steps.set(tag_key(tag), time.time_ns(), nx=True)
            steps.incr(tag_key(tag))
            steps.expire(tag_key(tag), TAG_SECONDS)
        steps.execute()


def seeded(redis: Redis, tags: Sequence[str]) -> list[bytes]:
    """Give a number that was never used to each tag that has none; return the numbers of all."""
    with redis.pipeline(transaction=False) as steps:
        for tag in tags:
            steps.set(tag_key(tag), time.time_ns(), nx=True, ex=TAG_SECONDS)
        steps.mget([tag_key(tag) for tag in tags])
        versions: list[bytes] = steps.execute()[-1]
    return versions


def values(redis: Redis, keys: Sequence[str]) -> list[bytes | None]:
    # The client is told to decode nothing.
    return cast("list[bytes | None]", redis.mget(keys))


def backend() -> Any:
    """Return the client of django-redis, which Django's type of a cache does not know."""
    return cast(Any, caches["default"]).client


def connection() -> Redis:
    return cast(Redis, backend().get_client())


def prefixed(key: str) -> str:
    return str(backend().make_key(key))


def tag_key(tag: str) -> str:
    return prefixed(f"tag:{tag}")
