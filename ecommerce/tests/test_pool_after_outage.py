"""A pool whose database was away notices soon that it is back, however long that took."""

import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connections
from psycopg import OperationalError
from psycopg_pool import ConnectionPool, PoolTimeout

from ecommerce.settings.databases import pool
from ecommerce.testing.proxy import Proxy, proxy

WAIT_SECONDS, TURNS = 2, 4


@pytest.fixture
def line() -> Iterator[Proxy]:
    """A proxy before the catalogue's database."""
    config = connections["catalog"].settings_dict
    host, port = str(config["HOST"]), int(config["PORT"] or 5432)
    with proxy(f"{host}/.s.PGSQL.{port}" if host.startswith("/") else (host, port)) as running:
        yield running


@pytest.fixture
def pooled(line: Proxy, monkeypatch) -> Iterator[ConnectionPool]:
    """A pool as the settings make it, behind the proxy; who asks it waits for two seconds."""
    monkeypatch.setenv("DATABASE_POOL_TIMEOUT_SECONDS", str(WAIT_SECONDS))
    known: dict[str, Any] = connections["catalog"].get_connection_params()
    login = {name: known[name] for name in ("user", "password", "dbname", "passfile") if name in known}
    limits = pool()
    assert isinstance(limits, dict)
    arguments: dict[str, Any] = login | {"host": "127.0.0.1", "port": line.port}
    with ConnectionPool(kwargs=arguments, open=True, **limits) as made:
        yield made


def answers(pooled: ConnectionPool) -> bool:
    try:
        with pooled.connection() as connection:
            connection.execute("SELECT 1")
    except PoolTimeout:
        return False
    return True


@pytest.mark.django_db(databases=["catalog"])
class TestAPool:
    def test_connects_soon_after_its_database_is_back(self, line, pooled):
        before = answers(pooled)
        line.refuse()
        # The connection that the pool held is found to be lost first.
        with pytest.raises(OperationalError), pooled.connection() as connection:
            connection.execute("SELECT 1")

        during = [answers(pooled) for _ in range(TURNS)]
        line.mend()
        began = time.monotonic()
        after = answers(pooled)

        assert (before, during, after) == (True, [False] * TURNS, True)
        assert time.monotonic() - began < 1.5
