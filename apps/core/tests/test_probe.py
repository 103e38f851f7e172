import time

import psycopg
import pytest

from apps.core.database.probe import asking, at_once


class TestAtOnce:
    def test_returns_what_each_came_to(self):
        def fail() -> int:
            raise LookupError("no")

        outcomes = at_once({"one": lambda: 1, "two": fail}, foreseen=(LookupError,), within_seconds=5)

        assert (outcomes["one"].value, outcomes["one"].error) == (1, None)
        assert str(outcomes["two"].error) == "no"

    def test_waits_for_none_longer_than_agreed(self):
        started = time.monotonic()

        outcomes = at_once({"slow": lambda: time.sleep(2), "quick": lambda: None}, foreseen=(), within_seconds=0.2)

        assert time.monotonic() - started < 1
        assert isinstance(outcomes["slow"].error, TimeoutError)
        assert outcomes["quick"].error is None

    def test_does_them_side_by_side(self):
        started = time.monotonic()

        at_once({str(n): lambda: time.sleep(0.3) for n in range(5)}, foreseen=(), within_seconds=5)

        assert time.monotonic() - started < 1


@pytest.mark.django_db(transaction=True, databases=["payments"])
class TestAsking:
    def test_answers_each_question(self):
        assert asking("payments", [("SELECT 1", ()), ("SELECT %s::int, 'a'", [2])])() == [[(1,)], [(2, "a")]]

    def test_ends_a_question_that_takes_too_long(self):
        with pytest.raises(psycopg.errors.QueryCanceled):
            asking("payments", [("SELECT pg_sleep(5)", ())], within_seconds=1)()

    def test_only_reads(self):
        with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
            asking("payments", [("CREATE TABLE t (a int)", ())])()
