"""What the servers allow, and that starting and stopping them again is harmless."""

import stat
from concurrent.futures import ThreadPoolExecutor
from itertools import product

import psycopg
import pytest

from apps.core.services.addresses import Checkout, database_variable
from apps.core.services.embedded import Servers
from apps.core.services.roles import read_passwords

from .conftest import DATABASES, servers_of


@pytest.fixture
def servers(shared_checkout: Checkout) -> Servers:
    servers = servers_of(shared_checkout)
    servers.start()
    return servers


def can_connect(checkout: Checkout, *, role: str, database: str) -> bool:
    try:
        psycopg.connect(checkout.database_url(database, role=role)).close()
    except psycopg.OperationalError as error:
        return "permission denied for database" not in str(error)
    return True


@pytest.mark.usefixtures("servers")
class TestRoles:
    def test_connect_to_their_own_database_only(self, shared_checkout: Checkout) -> None:
        allowed = {
            (role, database)
            for role, database in product(DATABASES, DATABASES)
            if can_connect(shared_checkout, role=role, database=database)
        }

        assert allowed == {(name, name) for name in DATABASES}

    def test_need_their_password(self, shared_checkout: Checkout) -> None:
        address = shared_checkout.database_url("accounts").replace("passfile", "application_name")

        with pytest.raises(psycopg.OperationalError, match="no password supplied"):
            psycopg.connect(address)

    def test_keep_passwords_from_other_users(self, shared_checkout: Checkout) -> None:
        assert stat.S_IMODE(shared_checkout.passwords.stat().st_mode) == 0o600
        assert set(read_passwords(shared_checkout)) == {"postgres", *DATABASES}
        assert all(len(password) == 32 for password in read_passwords(shared_checkout).values())

    def test_keep_the_sockets_from_other_users(self, shared_checkout: Checkout) -> None:
        assert stat.S_IMODE(shared_checkout.sockets.stat().st_mode) == 0o700

    @pytest.mark.parametrize("role", DATABASES)
    def test_own_their_database_and_make_test_databases(self, shared_checkout: Checkout, role: str) -> None:
        with psycopg.connect(shared_checkout.database_url(role), autocommit=True) as connection:
            connection.execute("CREATE TABLE owned (id int)")
            connection.execute("DROP TABLE owned")
            connection.execute(f"CREATE DATABASE test_{role}")
            connection.execute(f"DROP DATABASE test_{role}")

    @pytest.mark.parametrize("role", DATABASES)
    def test_see_the_statistics_of_statements(self, shared_checkout: Checkout, role: str) -> None:
        with psycopg.connect(shared_checkout.database_url(role)) as connection:
            connection.execute("SELECT 1 AS a_telling_name")
            seen = connection.execute(
                """
                SELECT query FROM pg_stat_statements JOIN pg_database ON dbid = pg_database.oid
                WHERE datname = current_database() AND query ~ 'a_telling_name$'
                """
            ).fetchall()

        assert seen == [("SELECT $1 AS a_telling_name",)]


@pytest.mark.usefixtures("servers")
class TestPostgres:
    @pytest.mark.parametrize("setting", ["fsync", "synchronous_commit", "full_page_writes"])
    def test_keeps_what_a_commit_promised(self, shared_checkout: Checkout, setting: str) -> None:
        with psycopg.connect(shared_checkout.database_url("accounts")) as connection:
            assert connection.execute("SELECT current_setting(%s)", [setting]).fetchone() == ("on",)

    def test_takes_no_port(self, shared_checkout: Checkout) -> None:
        with psycopg.connect(shared_checkout.database_url("accounts")) as connection:
            assert connection.execute("SHOW listen_addresses").fetchone() == ("",)


class TestServers:
    def test_start_once(self, servers: Servers) -> None:
        pids = [status.pid for status in servers.status()]

        assert servers.start() == []
        assert [status.pid for status in servers.status()] == pids

    def test_start_once_for_two_who_start_them_together(self, servers: Servers) -> None:
        servers.stop()

        with ThreadPoolExecutor(2) as executor:
            started = list(executor.map(lambda _: servers_of(servers.checkout).start(), range(2)))

        assert sorted(started) == [[], ["PostgreSQL", "Valkey"]]

    def test_stop_what_they_started(self, servers: Servers, shared_checkout: Checkout) -> None:
        assert servers.stop() == ["PostgreSQL", "Valkey"]

        assert [status.pid for status in servers.status()] == [None, None]
        assert not shared_checkout.sockets.exists()
        assert servers.stop() == []

    def test_keep_running_after_a_use_when_started_before(self, servers: Servers) -> None:
        with servers.in_use():
            pass

        assert all(status.pid for status in servers.status())

    def test_stop_with_their_last_user(self, servers: Servers) -> None:
        servers.stop()

        with servers.in_use():
            with servers_of(servers.checkout).in_use():
                pass
            running_for_the_other = [status.pid is not None for status in servers.status()]

        assert running_for_the_other == [True, True]
        assert [status.pid for status in servers.status()] == [None, None]

    def test_leave_alone_what_runs_elsewhere(self, servers: Servers, monkeypatch: pytest.MonkeyPatch) -> None:
        servers.stop()
        for alias in DATABASES:
            monkeypatch.setenv(database_variable(alias), f"postgresql://elsewhere/{alias}")

        assert servers.start() == ["Valkey"]

        assert [status.needed for status in servers.status()] == [False, True]
