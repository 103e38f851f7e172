"""Databases and roles of the embedded PostgreSQL: each database has one owner, and nobody else may connect to it."""

import secrets
from collections.abc import Sequence

import psycopg
from psycopg import sql

from .addresses import Checkout
from .postgres import SUPERUSER


def read_passwords(checkout: Checkout) -> dict[str, str]:
    """Return the password of each role, empty before the first start."""
    if not checkout.passwords.exists():
        return {}
    rows = [line.split(":") for line in checkout.passwords.read_text().splitlines()]
    return {row[3]: row[4] for row in rows}


def ensure_passwords(checkout: Checkout, names: Sequence[str]) -> dict[str, str]:
    """Return the password of each role, drawing those that are missing; only this user can read the file."""
    known = read_passwords(checkout)
    passwords = known | {name: secrets.token_urlsafe(24) for name in names if name not in known}
    if passwords != known:
        fresh = checkout.passwords.with_suffix(".new")
        fresh.touch(mode=0o600)
        fresh.write_text("".join(f"*:*:*:{name}:{password}\n" for name, password in passwords.items()))
        fresh.replace(checkout.passwords)
    return passwords


def ensure_databases(checkout: Checkout, databases: Sequence[str], passwords: dict[str, str]) -> None:
    """Make what is missing of roles, databases, rights and extensions; a second run changes nothing."""
    with _connect(checkout, "template1") as connection:
        connection.execute("CREATE EXTENSION IF NOT EXISTS pg_stat_statements")
    with _connect(checkout, "postgres") as connection:
        roles = {name for (name,) in connection.execute("SELECT rolname FROM pg_roles")}
        existing = {name for (name,) in connection.execute("SELECT datname FROM pg_database")}
        for name in databases:
            _ensure_role(connection, name, passwords[name], exists=name in roles)
            if name not in existing:
                connection.execute(sql.SQL("CREATE DATABASE {0} OWNER {0}").format(sql.Identifier(name)))
            connection.execute(sql.SQL("REVOKE CONNECT ON DATABASE {} FROM PUBLIC").format(sql.Identifier(name)))


def _ensure_role(connection: psycopg.Connection, name: str, password: str, *, exists: bool) -> None:
    # CREATEDB is for the test suite, which makes test_<database> beside each database.
    verb = sql.SQL("ALTER" if exists else "CREATE")
    statement = sql.SQL("{} ROLE {} LOGIN CREATEDB PASSWORD {}").format(verb, sql.Identifier(name), password)
    connection.execute(statement)
    connection.execute(sql.SQL("GRANT pg_read_all_stats TO {}").format(sql.Identifier(name)))


def _connect(checkout: Checkout, database: str) -> psycopg.Connection:
    return psycopg.connect(checkout.database_url(database, role=SUPERUSER), autocommit=True, connect_timeout=10)
