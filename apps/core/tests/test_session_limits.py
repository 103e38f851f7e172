"""Sessions of the web are bound by SESSION_LIMITS, and no others."""

from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any

import pytest
from django.db import OperationalError, connections, transaction
from django.db.utils import ConnectionHandler

from apps.core.database.session_limits import limit_sessions

LIMITS = {"statement_timeout": 2.5, "lock_timeout": 0.5, "idle_in_transaction_session_timeout": 20.0}
BOUND = ("2500ms", "500ms", "20s")
UNBOUND = ("0", "0", "0")

pytestmark = pytest.mark.committed(databases=["orders"])


@pytest.fixture
def web(settings) -> Iterator[Callable[..., Any]]:
    """The orders database as the web has it; `behind_pgbouncer` says whether through that."""
    made = []

    def opened(*, behind_pgbouncer: bool = False, **options: str) -> Any:
        settings.SESSION_LIMITS, settings.BEHIND_PGBOUNCER = LIMITS, behind_pgbouncer
        config = deepcopy(connections.settings["orders"])
        config["OPTIONS"] |= options | {"pool": False}
        handler = ConnectionHandler({"default": {}, "orders": config})
        limit_sessions(handler)
        made.append(handler["orders"])
        return made[-1]

    yield opened
    for connection in made:
        connection.close()


def limits(connection: Any) -> tuple[str, ...]:
    """Ask a session how it is bound, in one statement."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join(f"current_setting('{name}')" for name in LIMITS))
        answer: tuple[str, ...] = cursor.fetchone()
        return answer


def begin(connection: Any) -> None:
    connection.set_autocommit(False)


class TestSessionsOfTheWeb:
    def test_are_bound_from_their_start(self, web):
        connection = web()

        alone = limits(connection)
        begin(connection)

        assert (alone, limits(connection)) == (BOUND, BOUND)

    def test_keep_what_their_address_asks_for(self, web):
        connection = web(options="-c work_mem=7MB")

        with connection.cursor() as cursor:
            cursor.execute("SHOW work_mem")
            assert cursor.fetchone() == ("7MB",)
        assert limits(connection) == BOUND

    def test_behind_pgbouncer_are_bound_in_transactions_and_leave_nothing_to_the_next(self, web):
        connection = web(behind_pgbouncer=True)

        before = limits(connection)
        begin(connection)
        during = limits(connection)
        connection.rollback()
        connection.set_autocommit(True)

        assert (before, during, limits(connection)) == (UNBOUND, BOUND, UNBOUND)

    def test_behind_pgbouncer_are_bound_again_in_the_next_transaction(self, web):
        connection = web(behind_pgbouncer=True)
        for _ in range(2):
            begin(connection)
            assert limits(connection) == BOUND
            connection.commit()
            connection.set_autocommit(True)

    def test_tell_a_lost_connection_as_django_does(self, web):
        connection = web(behind_pgbouncer=True)
        limits(connection)
        connection.connection.close()

        with pytest.raises(OperationalError):
            begin(connection)


class TestOtherSessions:
    def test_are_not_bound(self):
        with transaction.atomic(using="orders"):
            assert limits(connections["orders"]) == UNBOUND
