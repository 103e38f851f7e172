"""The proxy that cuts lines does to them what it says."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from uuid import uuid4

import psycopg
import pytest
from django.db import connections

from ecommerce.testing.books import fetch
from ecommerce.testing.proxy import Proxy, proxy

pytestmark = pytest.mark.committed(databases=["orders"])


@pytest.fixture
def line() -> Iterator[Proxy]:
    config = connections["orders"].settings_dict
    host, port = str(config["HOST"]), int(config["PORT"] or 5432)
    with proxy(f"{host}/.s.PGSQL.{port}" if host.startswith("/") else (host, port)) as running:
        yield running


@pytest.fixture
def connect(line: Proxy) -> Iterator[Callable[[], psycopg.Connection]]:
    """Connects through the proxy; closes what it opened."""
    config = connections["orders"].get_connection_params()
    wanted = {name: config[name] for name in ("dbname", "user", "password", "passfile") if name in config}
    with ExitStack() as opened:
        yield lambda: opened.enter_context(
            closing(psycopg.connect(**wanted, host="127.0.0.1", port=line.port, connect_timeout=2))
        )


def note(client: psycopg.Connection) -> str:
    """Write a row that only its commit makes visible; return its key."""
    key = str(uuid4())
    client.execute(
        "INSERT INTO idempotency_records (scope, key, request_hash, status, headers, body, created_at, expires_at)"
        " VALUES ('proxy', %s, '', 200, '{}', '', now(), now())",
        [key],
    )
    return key


def is_there(key: str) -> bool:
    return bool(fetch("orders", "SELECT 1 FROM idempotency_records WHERE scope = 'proxy' AND key = %s", key))


class TestProxy:
    def test_lets_everything_through(self, connect):
        client = connect()
        key = note(client)
        client.commit()

        assert is_there(key)

    @pytest.mark.parametrize("with_effect", [True, False])
    def test_cuts_a_commit_with_or_without_its_effect(self, line, connect, with_effect):
        line.cut_commits(1, with_effect=with_effect)
        client = connect()
        key = note(client)

        with pytest.raises(psycopg.OperationalError):
            client.commit()

        assert is_there(key) is with_effect
        assert line.commits_cut == 1

    def test_spares_the_commits_before_the_one_to_cut(self, line, connect):
        line.cut_commits(1, after=1)
        client = connect()
        note(client)
        client.commit()
        note(client)

        with pytest.raises(psycopg.OperationalError):
            client.commit()

    def test_refuses_and_cuts_what_was_open(self, line, connect):
        client = connect()

        line.refuse()

        with pytest.raises(psycopg.OperationalError):
            client.execute("SELECT 1")
        with pytest.raises(psycopg.OperationalError, match="refused"):
            connect()

    def test_hangs_and_goes_on_when_it_is_mended(self, line, connect):
        line.hang()

        with pytest.raises(psycopg.OperationalError, match="timeout"):
            connect()
        line.mend()

        assert connect().execute("SELECT 1").fetchone() == (1,)
