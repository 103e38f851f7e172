"""
Finished response bodies in the cache, and how they become stale.

A body is stored with the versions of its tags, such as `product:linen-shirt`. Raising a tag's number makes every body
that bears it stale at once; no key is searched for. Whoever asks after that gets a body rendered after it: one request
renders, the others wait for its body. A body that nothing was told of and that is only old is answered once more,
while one request renders it anew. The cache is never needed: without it every body is rendered from the database.
"""

import time
from collections import Counter as Tally
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from threading import Lock, Thread
from typing import Any, cast

from django.core.cache import caches
from prometheus_client import Counter
from redis import Redis

from .circuit import CACHE, CACHE_UNREACHABLE
from .etag import etag_of
from .exceptions import NotFound

# A rebuild that takes longer has probably died: then the next request rebuilds.
REBUILD_SECONDS = 5
# Who waits for another's body looks often at first. Together they are longer than a rebuild may take.
PAUSES = (0.002, 0.004, 0.008, 0.016, *[0.03] * 170)
# How often a request waits for others before it renders for itself.
TURNS = 3
# Longer than any body lives. A tag whose number is gone gets one that no body has ever borne.
TAG_SECONDS = 86_400

# What stands under the lock of a body: somebody renders it; or did, and nothing came of it.
RENDERING, FRUITLESS = b"rendering", b"fruitless"
# For so long nobody waits for anybody after a rebuild of which nothing came.
FRUITLESS_SECONDS = 1

ANSWERS = Counter("body_cache_answers_total", "Bodies answered, by how they came about.", ["cache", "outcome"])
# Tags that became stale while the cache was out of reach, and how often; told as soon as it is back.
OWED: Tally[str] = Tally()
OWING = Lock()
TELL_SECONDS = 0.25
_teller: Thread | None = None


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

    def is_fresh(self, versions: bytes) -> bool:
        return self.versions == versions and self.fresh_until > time.time()


@dataclass(frozen=True, slots=True)
class Turn:
    """It is this request's turn to render a body, which will bear these versions: they were read before it."""

    versions: bytes


class BodyCache:
    """Bodies of one kind; each is fresh for `seconds`, and kept as long again to be answered while it is rebuilt."""

    def __init__(self, name: str, *, seconds: int) -> None:
        self.name = name
        self.seconds = seconds

    def fetch(self, key: str, *, tags: Sequence[str], render: Callable[[], bytes]) -> Body:
        """
        Return the body under a key, never one older than what its tags were told before the call.

        Args:
            key: names the body within this cache; any text.
            tags: what the body depends on; `invalidate` any of them and it is stale.
            render: makes the body from the database.

        Raises:
            NotFound: render found nothing to show; that is not stored, and a body stored before is dropped.
        """
        try:
            found = self._find(key, tags)
        except CACHE_UNREACHABLE:
            return self._answer("unreachable", render())
        if isinstance(found, Turn):
            return self._rebuild(key, found.versions, render)
        return self._answer(*found)

    def _find(self, key: str, tags: Sequence[str]) -> "tuple[str, Body] | Turn":
        for _ in range(TURNS):
            entry, versions = CACHE.call(lambda: self._read(key, tags))
            if entry and entry.is_fresh(versions):
                return "fresh", entry.body
            turn, entry = self._may_rebuild(key, versions)
            if entry and entry.is_fresh(versions):
                return "fresh", entry.body
            if turn:
                return turn
            if entry and entry.versions == versions:
                return "stale", entry.body
            # What was rendered under the numbers read here was read from the database after them: it is new enough,
            # whatever was told since.
            state, entry = self._awaited(key, versions)
            if entry:
                return "awaited", entry.body
            if state == FRUITLESS:
                break
        return Turn(versions)

    def _awaited(self, key: str, versions: bytes) -> tuple[bytes | None, Entry | None]:
        """Wait for the body that another request renders; return what became of it, and the body if there is one."""
        names = [self._lock(key, versions), self._entry(key)]
        for pause in PAUSES:
            time.sleep(pause)
            state, stored = CACHE.call(lambda: values(connection(), names))
            entry = Entry.decoded(stored)
            if entry and entry.versions == versions:
                return state, entry
            if state != RENDERING:
                break
        return state, None

    def _rebuild(self, key: str, versions: bytes, render: Callable[[], bytes]) -> Body:
        lock = self._lock(key, versions)
        try:
            content = render()
        except NotFound:
            self._write(lambda redis: redis.delete(self._entry(key)))
            self._write(lambda redis: redis.set(lock, FRUITLESS, ex=FRUITLESS_SECONDS))
            raise
        except BaseException:
            self._write(lambda redis: redis.set(lock, FRUITLESS, ex=FRUITLESS_SECONDS))
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
            settle(redis)
        stored, *versions = values(redis, [self._entry(key), *map(tag_key, tags)])
        known = [version for version in versions if version is not None]
        return Entry.decoded(stored), b",".join(known if len(known) == len(tags) else seeded(redis, tags))

    def _may_rebuild(self, key: str, versions: bytes) -> "tuple[Turn | None, Entry | None]":
        """Take the turn to render a body, unless another has it; and see what another may have stored meanwhile."""
        lock = self._lock(key, versions)

        def take() -> tuple[Any, bytes | None]:
            with connection().pipeline(transaction=False) as steps:
                steps.set(lock, RENDERING, nx=True, ex=REBUILD_SECONDS)
                steps.get(self._entry(key))
                taken, stored = steps.execute()
            return taken, stored

        taken, stored = CACHE.call(take)
        entry = Entry.decoded(stored)
        if taken and entry and entry.is_fresh(versions):
            self._write(lambda redis: redis.delete(lock))
        return Turn(versions) if taken else None, entry

    def _store(self, redis: Redis, key: str, versions: bytes, body: Body) -> None:
        entry = Entry(versions, time.time() + self.seconds, body)
        with redis.pipeline(transaction=False) as steps:
            steps.set(self._entry(key), entry.encoded(), ex=2 * self.seconds)
            steps.delete(self._lock(key, versions))
            steps.execute()

    def _write(self, step: Callable[[Redis], Any]) -> None:
        try:
            CACHE.call(lambda: step(connection()))
        except CACHE_UNREACHABLE:
            return

    def _entry(self, key: str) -> str:
        return prefixed(f"body:{self.name}:{key}")

    def _lock(self, key: str, versions: bytes) -> str:
        return prefixed(f"body-lock:{self.name}:{versions.decode()}:{key}")


def invalidate(tags: Iterable[str]) -> None:
    """
    Make every body with one of these tags stale. Call it after the commit of what changed.

    With the cache out of reach the tags are remembered, and told as soon as it is back; in the moment between, other
    processes may answer old bodies. Should this process die meanwhile, they may for as long as those are fresh.
    """
    stale = set(tags)
    try:
        CACHE.call(lambda: settle(connection(), stale))
    except CACHE_UNREACHABLE:
        owe(stale)


def owe(stale: Iterable[str]) -> None:
    """Remember to tell these tags, and let a thread try it again and again until it is done."""
    global _teller
    with OWING:
        OWED.update(stale)
        if not (_teller and _teller.is_alive()):
            _teller = Thread(target=tell, name="body-cache-teller", daemon=True)
            _teller.start()


def tell() -> None:
    """Tell what is owed. The circuit is not asked: nobody waits for this thread, and it must not come a rest later."""
    global _teller
    while True:
        time.sleep(TELL_SECONDS)
        with suppress(*CACHE_UNREACHABLE):
            settle(connection())
            CACHE.reset()
        with OWING:
            if not OWED:
                _teller = None
                return


def settle(redis: Redis, stale: Iterable[str] = ()) -> None:
    """Tell these tags and those that are owed; one that is owed again meanwhile stays so."""
    owed = dict(OWED)
    if telling := sorted({*owed, *stale}):
        raise_versions(redis, telling)
    with OWING:
        for tag, times in owed.items():
            if OWED[tag] == times:
                del OWED[tag]


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
