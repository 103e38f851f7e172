"""What goes wrong with servers: each start mends it, or says in a sentence what a person must do."""

import os
import signal
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from apps.core.services import processes
from apps.core.services.addresses import Checkout
from apps.core.services.embedded import Servers
from apps.core.services.errors import ServersUnusable
from apps.core.services.explain import explain

from .conftest import servers_of


@pytest.fixture
def servers(shared_checkout: Checkout) -> Servers:
    servers = servers_of(shared_checkout)
    servers.start()
    return servers


def kept_rows(checkout: Checkout) -> list[tuple[int]]:
    with psycopg.connect(checkout.database_url("accounts")) as connection:
        return connection.execute("SELECT id FROM kept ORDER BY id").fetchall()


class TestStart:
    def test_recovers_after_the_postmaster_was_killed(self, servers: Servers, shared_checkout: Checkout) -> None:
        postgres = servers.postgres()
        killed = postgres.pid()
        assert killed is not None
        # Closed, but not committed: its server is gone by then.
        with closing(psycopg.connect(shared_checkout.database_url("accounts"), autocommit=True)) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 1 AS id")
            # A query that never waits does not notice that its postmaster died, and holds the shared memory.
            connection.pgconn.send_query(b"SELECT count(*) FROM generate_series(1, 100000000000)")
            processes.end([killed])
            orphans = processes.working_in(postgres.data, program="postgres")

            assert orphans != []
            assert servers.start() == ["PostgreSQL"]

        assert postgres.pid() not in {killed, None}
        assert not any(processes.is_alive(pid) for pid in orphans)
        assert kept_rows(shared_checkout) == [(1,)]

    def test_recovers_after_valkey_was_killed(self, servers: Servers) -> None:
        killed = servers.valkey().pid()
        assert killed is not None
        processes.end([killed])

        assert servers.start() == ["Valkey"]
        assert servers.valkey().pid() not in {killed, None}

    def test_sees_through_a_pid_file_that_names_another_program(self, servers: Servers) -> None:
        servers.stop()
        lines = [str(os.getpid()), str(servers.postgres().data), "0", "5432", "/nowhere", "", "0 0", "ready   "]
        (servers.postgres().data / "postmaster.pid").write_text("\n".join(lines))

        assert servers.postgres().pid() is None
        assert servers.start() == ["PostgreSQL", "Valkey"]

    def test_ends_a_server_whose_pid_file_was_removed(self, checkout: Checkout) -> None:
        servers = servers_of(checkout)
        servers.start()
        abandoned = servers.postgres().pid()
        assert abandoned is not None
        (servers.postgres().data / "postmaster.pid").unlink()

        assert servers.start() == ["PostgreSQL"]
        assert not processes.is_alive(abandoned)

    def test_makes_the_data_folder_again_after_an_interrupted_first_start(self, checkout: Checkout) -> None:
        partial = checkout.state / "postgres" / "data.partial"
        partial.mkdir(parents=True)
        (partial / "PG_VERSION").write_text("half written")

        assert servers_of(checkout).start() == ["PostgreSQL", "Valkey"]
        assert not partial.exists()

    def test_makes_the_databases_that_an_interrupted_start_left_out(self, servers: Servers) -> None:
        with psycopg.connect(servers.checkout.database_url("postgres", role="postgres"), autocommit=True) as connection:
            connection.execute("DROP DATABASE payments")

        assert servers.start() == []

        psycopg.connect(servers.checkout.database_url("payments")).close()

    def test_refuses_the_data_folder_of_another_version(self, servers: Servers) -> None:
        servers.stop()
        version_file = servers.postgres().data / "PG_VERSION"
        version = version_file.read_text()
        version_file.write_text("12\n")

        with pytest.raises(ServersUnusable) as refusal:
            servers.start()

        version_file.write_text(version)
        assert refusal.value.message == (
            f"{servers.postgres().data} was made by PostgreSQL 12, but PostgreSQL 18 is installed: "
            "dump it with the old version, or throw it away with `make clean`."
        )

    def test_refuses_a_socket_path_that_is_too_long(self, checkout: Checkout, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("SERVICES_SOCKETS_FOLDER", "/tmp/" + "x" * 90)

        with pytest.raises(ServersUnusable, match="longer than a socket's may be"):
            servers_of(checkout).start()

    def test_refuses_a_socket_folder_that_is_a_link(self, checkout: Checkout) -> None:
        checkout.sockets.symlink_to(checkout.root)

        with pytest.raises(ServersUnusable, match="is a link, which is not safe"):
            servers_of(checkout).start()

        checkout.sockets.unlink()

    @pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")
    def test_refuses_the_folder_of_another_user(self, checkout: Checkout) -> None:
        home = checkout.state / "postgres"
        home.mkdir(parents=True)
        os.chown(home, 54321, 54321)

        with pytest.raises(ServersUnusable, match=r"belongs to user 54321, but the servers run as"):
            servers_of(checkout).start()

    def test_does_not_collide_with_another_checkout(self, servers: Servers, checkout: Checkout) -> None:
        servers.start()
        other = servers_of(checkout)
        other.start()

        assert checkout.sockets != servers.checkout.sockets
        assert other.postgres().pid() != servers.postgres().pid()
        with pytest.raises(psycopg.errors.UndefinedTable):
            kept_rows(checkout)


class TestExplain:
    def test_tells_of_a_full_disk(self) -> None:
        said = 'FATAL:  could not write lock file "postmaster.pid": No space left on device'

        assert explain(said, server="PostgreSQL", folder=Path("/data")) == (
            "PostgreSQL does not start: the disk that holds /data is full: free some space and start again."
        )

    def test_quotes_the_last_error_it_does_not_know(self) -> None:
        said = "LOG:  starting\nFATAL:  the moon is in the wrong phase\nLOG:  database system is shut down\n"

        assert explain(said, server="PostgreSQL", folder=Path("/data")) == (
            "PostgreSQL does not start: FATAL:  the moon is in the wrong phase (see the log in /data)"
        )


class TestEnd:
    def test_tells_who_is_still_there(self) -> None:
        assert processes.end([os.getpid()], with_signal=signal.SIGCONT, within_seconds=0) is False
