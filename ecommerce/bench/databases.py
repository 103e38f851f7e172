"""Databases of a benchmark's own, on the servers of this checkout or on those that the environment names."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit, urlunsplit

import psycopg

from apps.core.services.addresses import database_url, database_variable
from apps.core.services.embedded import Servers
from ecommerce.routers import OWNER

TRIES = 40
# Not from the settings: those wait for the addresses that are made here.
ALIASES = tuple(dict.fromkeys(OWNER.values()))


def address_of(alias: str, database: str) -> str:
    """Return the address of a database beside the one of `alias`, on the same server and as the same role."""
    parts = urlsplit(os.environ.get(database_variable(alias)) or database_url(alias))
    return urlunsplit(parts._replace(path=f"/{database}"))


def recreate(alias: str, database: str, *, template: str | None = None) -> str:
    """Make a database anew, empty or as a copy; return its address."""
    drop(alias, database)
    with psycopg.connect(address_of(alias, alias), autocommit=True) as connection:
        undisturbed(connection, f'CREATE DATABASE "{database}"' + (f' TEMPLATE "{template}"' if template else ""))
    return address_of(alias, database)


def drop(alias: str, database: str) -> None:
    """Drop a database of a benchmark."""
    with psycopg.connect(address_of(alias, alias), autocommit=True) as connection:
        undisturbed(connection, f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')


def undisturbed(connection: psycopg.Connection, statement: str) -> None:
    """Run a statement that nobody may be connected for; autovacuum, which only a superuser may stop, is waited for."""
    for attempt in range(TRIES):
        try:
            connection.execute(statement)
        except (psycopg.errors.InsufficientPrivilege, psycopg.errors.ObjectInUse):
            if attempt == TRIES - 1:
                raise
            time.sleep(0.5)
        else:
            return


@contextmanager
def bench_databases(prefix: str = "bench") -> Iterator[dict[str, str]]:
    """Have the servers running and five empty databases made; yield their addresses as environment variables."""
    with Servers(ALIASES).in_use():
        addresses = {database_variable(alias): recreate(alias, f"{prefix}_{alias}") for alias in ALIASES}
        try:
            yield addresses
        finally:
            for alias in ALIASES:
                drop(alias, f"{prefix}_{alias}")
