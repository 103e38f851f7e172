"""Ended sessions become known in every process; two EndedSessions with one key stand for two processes here."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from math import inf
from typing import Any
from uuid import UUID, uuid4

import pytest
from django_redis import get_redis_connection
from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from apps.accounts.models import Session, User
from apps.accounts.services.revocations import EndedSessions
from apps.core.circuit import CACHE_UNREACHABLE, Circuit
from apps.core.testing.waiting import eventually

pytestmark = pytest.mark.django_db(databases=["accounts"])


@pytest.fixture
def key(servers: Any) -> Iterator[str]:
    key = f"test:ended-sessions:{uuid4()}"
    yield key
    get_redis_connection().delete(key)


def unreachable() -> Redis:
    return Redis(unix_socket_path="/nowhere/valkey.sock", retry=Retry(NoBackoff(), 0))


def circuit() -> Circuit:
    """One of the process's own, so that it is not open for others."""
    return Circuit(failures=CACHE_UNREACHABLE)


def ended_session(user: User, at: datetime) -> UUID:
    session = Session.objects.create(
        user=user, jti=uuid4().hex, expires_at=at + timedelta(days=1), is_active=False, ended_at=at
    )
    return session.id


class TestEndedSessions:
    def test_know_in_a_second_what_another_process_ended(self, key: str) -> None:
        here, there, session_id = EndedSessions(key=key), EndedSessions(key=key), uuid4()
        assert session_id not in there

        here.announce([session_id], datetime.now(UTC))

        assert session_id in here
        eventually(lambda: session_id in there, seconds=1.0, what="the news")
        assert uuid4() not in there

    def test_cost_no_query_while_the_cache_is_whole(self, key: str, django_assert_num_queries: Any) -> None:
        assert uuid4() not in EndedSessions(key=key)

        with django_assert_num_queries(0, using="accounts"):
            assert uuid4() not in EndedSessions(key=key)

    def test_are_read_from_the_table_when_the_cache_lost_its_memory(self, key: str, ada: User) -> None:
        session_id = ended_session(ada, datetime.now(UTC))
        process = EndedSessions(key=key)
        assert session_id in process
        get_redis_connection().delete(key)

        process.read_at = -inf

        assert session_id in process
        assert session_id in EndedSessions(key=key)
        assert get_redis_connection().zcard(key) == 2

    def test_are_read_from_the_table_while_the_cache_is_down(self, key: str, ada: User) -> None:
        session_id = ended_session(ada, datetime.now(UTC))

        process = EndedSessions(connect=unreachable, key=key, circuit=circuit())

        assert session_id in process
        assert uuid4() not in process

    def test_reach_the_cache_later_when_it_was_down_as_they_were_announced(self, key: str, ada: User) -> None:
        here, there = EndedSessions(key=key), EndedSessions(key=key)
        assert uuid4() not in here
        session_id = ended_session(ada, datetime.now(UTC))
        here.connect = unreachable
        here.announce([session_id], datetime.now(UTC))
        assert session_id in here
        assert session_id not in there

        here.connect, here.read_at = get_redis_connection, -inf
        assert session_id in here

        there.read_at = -inf
        assert session_id in there

    def test_leave_a_cache_that_is_down_alone_for_a_while(self, key: str) -> None:
        tries: list[float] = []

        def failing() -> Redis:
            tries.append(time.monotonic())
            return unreachable()

        process = EndedSessions(connect=failing, key=key, circuit=circuit())
        for _ in range(3):
            process.read_at = -inf
            assert uuid4() not in process

        assert len(tries) == 1

    def test_are_forgotten_when_no_token_of_theirs_can_be_good(self, key: str, ada: User) -> None:
        session_id = ended_session(ada, datetime.now(UTC) - timedelta(minutes=12))

        assert session_id not in EndedSessions(key=key)
