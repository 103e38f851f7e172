"""PgBouncer in front of the test databases, by the very configuration that `docker/` deploys."""

import os
import shutil
from collections.abc import Iterator
from configparser import ConfigParser
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
from django.db import connections

from apps.core.running import free_port
from apps.core.services.addresses import HERE, database_variable, embedded_databases
from apps.core.services.owner import current_owner
from apps.core.services.roles import read_passwords

from .processes import ROOT, Process, listens
from .stack import ALIASES

PROGRAM = shutil.which("pgbouncer", path=f"{os.environ.get('PATH', os.defpath)}:/usr/sbin")
DEPLOYED = ROOT / "docker" / "pgbouncer"


@dataclass(frozen=True)
class Bouncer:
    """A running PgBouncer; its own console answers as the role `orders`."""

    port: int
    passwords: dict[str, str]

    def url(self, alias: str, database: str) -> str:
        """Return the address of a database through PgBouncer, as the role of its app."""
        return f"postgresql://{alias}:{quote(self.passwords[alias], safe='')}@127.0.0.1:{self.port}/{database}"

    @property
    def environment(self) -> dict[str, str]:
        """The variables that send a process through PgBouncer, to the test databases."""
        return {
            database_variable(alias): self.url(alias, connections[alias].settings_dict["NAME"]) for alias in ALIASES
        }

    def show(self, what: str) -> list[dict[str, Any]]:
        """Return what the console of PgBouncer tells, such as `POOLS`."""
        with psycopg.connect(self.url("orders", "pgbouncer"), autocommit=True) as console:
            cursor = console.execute(f"SHOW {what}".encode())
            names = [column.name for column in cursor.description or ()]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


@contextmanager
def pgbouncer(folder: Path, **changed: str) -> Iterator[Bouncer]:
    """
    Run PgBouncer as it is deployed, with other hosts, and with settings changed by name.

    The roles' passwords come from the embedded servers, so it wants those.
    """
    assert PROGRAM, "pgbouncer is not installed"
    assert embedded_databases(list(ALIASES)) == list(ALIASES), "PgBouncer is tried on the embedded servers"
    bouncer = Bouncer(free_port(), read_passwords(HERE))
    configuration = folder / "pgbouncer.ini"
    with configuration.open("w") as file:
        configured(bouncer.port, folder / "userlist.txt", changed).write(file)
    passwords = {f"{alias.upper()}_DATABASE_PASSWORD": bouncer.passwords[alias] for alias in ALIASES}
    owner = current_owner()
    command = [str(DEPLOYED / "entrypoint.sh"), PROGRAM, *(["-u", owner.name] if owner.switch else [])]
    process = Process(
        "pgbouncer",
        [*command, str(configuration)],
        os.environ | passwords | {"USERLIST": str(folder / "userlist.txt")},
        folder,
    )
    try:
        process.start().ready(lambda: listens(bouncer.port))
        yield bouncer
    finally:
        process.stop()


def configured(port: int, userlist: Path, changed: dict[str, str]) -> ConfigParser:
    """Return the deployed configuration, for the test databases."""
    configuration = ConfigParser(interpolation=None, comment_prefixes=(";",))
    configuration.read(DEPLOYED / "pgbouncer.ini")
    assert list(configuration["databases"]) == list(ALIASES)
    tested = {
        connections[alias].settings_dict["NAME"]: f"host={connections[alias].settings_dict['HOST']}"
        for alias in ALIASES
    }
    configuration.remove_section("databases")
    configuration["databases"] = tested
    configuration["pgbouncer"].update(
        changed
        | {
            "listen_addr": "127.0.0.1",
            "listen_port": str(port),
            "auth_file": str(userlist),
            "admin_users": "orders",
        }
    )
    return configuration
