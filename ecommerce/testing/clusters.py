"""
One PostgreSQL server a database, for tests that break servers: each can be killed, frozen, filled or set back alone.

All are copies of one cluster that was made and migrated once. They run without fsync: that is safe when processes die,
and says nothing about power cuts. A proxy stands before each; the shop's processes know no other way.
"""

import shutil
import signal
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
from django.core.management import call_command
from django.db import connections

from apps.core.pools import close_connections
from apps.core.services import processes
from apps.core.services.addresses import Checkout
from apps.core.services.binaries import postgres_binaries
from apps.core.services.folders import prepare, remove_sockets_folder
from apps.core.services.owner import current_owner
from apps.core.services.postgres import SUPERUSER, Postgres
from apps.core.services.roles import ensure_databases, ensure_passwords

from .proxy import Proxy
from .stack import ALIASES

FAST = {"fsync": "off", "shared_buffers": "32MB", "min_wal_size": "32MB", "max_wal_size": "256MB"}
TEMPLATE = "template"


@dataclass
class Cluster:
    """The server of one database, and the proxy before it."""

    alias: str
    server: Postgres
    proxy: Proxy = field(init=False)

    def __post_init__(self) -> None:
        self.proxy = Proxy(str(self.server.checkout.sockets / ".s.PGSQL.5432"))

    @property
    def database(self) -> str:
        return f"test_{self.alias}"

    @property
    def url(self) -> str:
        """The address through the proxy."""
        return f"postgresql://{self.alias}@127.0.0.1:{self.proxy.port}/{self.database}?passfile={self._passfile}"

    @property
    def _passfile(self) -> Path:
        return self.server.checkout.passwords

    def start(self, **environment: str) -> None:
        """Start the server, with these variables of the environment; its recovery is over when this returns."""
        self.server.start(**environment)

    def stop(self) -> None:
        """Stop the server in good order."""
        self.server.stop()

    def kill(self) -> None:
        """Stop it as a crash does: nothing is written any more, and everybody's session ends (SIGQUIT)."""
        pid = self.server.pid()
        assert pid is not None, f"the server of {self.alias} does not run"
        assert processes.end([pid], with_signal=signal.SIGQUIT)

    def restart(self) -> None:
        """Crash and recover."""
        self.kill()
        self.start()

    def copy_to(self, folder: Path) -> None:
        """Keep a copy of the data folder as it is now, which must not be in use."""
        shutil.rmtree(folder, ignore_errors=True)
        copy_data(self.server.data, folder, self.server)

    def set_back_to(self, folder: Path) -> None:
        """Put an earlier copy of the data folder in place."""
        shutil.rmtree(self.server.data)
        copy_data(folder, self.server.data, self.server)

    @contextmanager
    def superuser(self, database: str | None = None) -> Iterator[psycopg.Connection]:
        """Connect as the superuser, past the proxy."""
        url = self.server.checkout.database_url(database or self.database, role=SUPERUSER)
        with psycopg.connect(url, autocommit=True) as connection:
            yield connection

    def command(self, statement: str) -> None:
        """Run one statement as the superuser, in the maintenance database."""
        with self.superuser("postgres") as connection:
            connection.execute(statement.encode())

    def end_sessions(self) -> None:
        """End every session of the database, as an administrator does."""
        with self.superuser("postgres") as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [self.database]
            )


Clusters = dict[str, Cluster]


@contextmanager
def clusters(folder: Path) -> Iterator[Clusters]:
    """
    Run a server for every alias, with this process's connections straight to them.

    Yields them by alias; afterwards this process is back on the databases it came from.
    """
    made = cloned(folder)
    before = {alias: dict(connections.settings[alias]) for alias in ALIASES}
    close_connections()
    try:
        for cluster in made.values():
            cluster.start()
            cluster.proxy.start()
            connections.settings[cluster.alias] |= settings_of(cluster)
        yield made
    finally:
        close_connections()
        for alias, config in before.items():
            connections.settings[alias] |= config
        for cluster in made.values():
            cluster.proxy.stop()
            if cluster.server.pid() is not None:
                cluster.kill()
            remove_sockets_folder(cluster.server.checkout)


def settings_of(cluster: Cluster) -> dict[str, Any]:
    """Return Django's settings of the database, past the proxy; without a pool, which would outlive a dead server."""
    options = connections.settings[cluster.alias]["OPTIONS"]
    checkout = cluster.server.checkout
    return {
        "HOST": str(checkout.sockets),
        "PORT": "",
        "USER": cluster.alias,
        "PASSWORD": "",
        "NAME": cluster.database,
        "OPTIONS": options | {"passfile": str(checkout.passwords), "pool": False},
    }


def cloned(folder: Path) -> Clusters:
    """Make one cluster with all five databases, migrated, and a copy of it for each alias; none is left running."""
    made = {alias: Cluster(alias, postgres_at(folder, alias)) for alias in ALIASES}
    template = Cluster(TEMPLATE, postgres_at(folder, TEMPLATE))
    migrate(template, ALIASES)
    for cluster in made.values():
        checkout = cluster.server.checkout
        checkout.state.mkdir(parents=True)
        shutil.copy2(template.server.checkout.passwords, checkout.passwords)
        prepare(checkout, cluster.server.owner, home=cluster.server.home, program=cluster.server.binaries)
        copy_data(template.server.data, cluster.server.data, cluster.server)
    return made


def postgres_at(folder: Path, name: str, changed: Mapping[str, str] = FAST) -> Postgres:
    return Postgres(Checkout(folder, name), postgres_binaries(), current_owner(), changed)


def migrate(template: Cluster, aliases: Sequence[str]) -> None:
    """Make the cluster and its databases, and bring them to the newest schema."""
    server, checkout = template.server, template.server.checkout
    checkout.state.mkdir(parents=True)
    prepare(checkout, server.owner, home=server.home, program=server.binaries)
    passwords = ensure_passwords(checkout, [SUPERUSER, *aliases])
    server.initialise(passwords[SUPERUSER])
    server.start()
    before = {alias: dict(connections.settings[alias]) for alias in aliases}
    close_connections()
    try:
        ensure_databases(checkout, aliases, passwords)
        for alias in aliases:
            template.command(f"ALTER DATABASE {alias} RENAME TO test_{alias}")
            connections.settings[alias] |= settings_of(Cluster(alias, server))
            call_command("migrate", database=alias, verbosity=0, interactive=False)
    finally:
        close_connections()
        for alias, config in before.items():
            connections.settings[alias] |= config
        server.stop()
        remove_sockets_folder(checkout)


def copy_data(source: Path, target: Path, server: Postgres) -> None:
    """Copy a data folder that no server uses, and give it to the servers' user."""
    shutil.copytree(source, target)
    with suppress(FileNotFoundError):
        (target / "postmaster.pid").unlink()
    for path in (target, *target.rglob("*")):
        server.owner.take(path)
