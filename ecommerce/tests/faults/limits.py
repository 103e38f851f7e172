"""What a server can refuse, each as a block during which it does, and how its log tells that it did."""

import os
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from uuid import UUID

import psycopg

from apps.sagas.definition import FORWARD_RETRY
from ecommerce.testing.clusters import Cluster

DISK = "48m"
MOST = FORWARD_RETRY.attempts - 1


@dataclass(frozen=True)
class Limit:
    """
    One limit: the database that meets it, the block in which it holds, and the words of the server's log.

    `spends` is how many tries a step may spend on it: none where the whole database is meant and not the step.
    """

    name: str
    alias: str
    holds: Callable[[Cluster, Sequence[UUID]], AbstractContextManager[None]]
    logged: str
    spends: int = 0


@contextmanager
def for_new_sessions(cluster: Cluster, setting: str) -> Iterator[None]:
    """Have every session of the database begin with a setting; the present ones are ended."""
    cluster.command(f"ALTER DATABASE {cluster.database} SET {setting}")
    cluster.end_sessions()
    try:
        yield
    finally:
        cluster.command(f"ALTER DATABASE {cluster.database} RESET {setting.partition(' ')[0]}")
        cluster.end_sessions()


def read_only(cluster: Cluster, variants: Sequence[UUID]) -> AbstractContextManager[None]:
    """Let nobody write, as on a standby that everybody was sent to."""
    return for_new_sessions(cluster, "default_transaction_read_only = on")


def slow(cluster: Cluster, variants: Sequence[UUID]) -> AbstractContextManager[None]:
    """Give every statement a millisecond."""
    return for_new_sessions(cluster, "statement_timeout = '1ms'")


@contextmanager
def no_connections(cluster: Cluster, variants: Sequence[UUID]) -> Iterator[None]:
    """Let nobody connect any more, and end the sessions there are."""
    cluster.command(f"ALTER ROLE {cluster.alias} CONNECTION LIMIT 0")
    cluster.end_sessions()
    try:
        yield
    finally:
        cluster.command(f"ALTER ROLE {cluster.alias} CONNECTION LIMIT -1")


@contextmanager
def deadlocks(cluster: Cluster, variants: Sequence[UUID]) -> Iterator[None]:
    """Lock the variants against the order in which everybody else does, and never be the one who gives way."""
    high_first = sorted(variants, reverse=True)
    with _meddler(cluster, ["SET deadlock_timeout = '1min'"], _lock, high_first):
        yield


@contextmanager
def serialization(cluster: Cluster, variants: Sequence[UUID]) -> Iterator[None]:
    """Have every transaction see one moment, while somebody keeps changing the variants under it."""
    with (
        for_new_sessions(cluster, "default_transaction_isolation = 'repeatable read'"),
        _meddler(cluster, [], _touch, sorted(variants)),
    ):
        yield


def _lock(connection: psycopg.Connection, variants: Sequence[UUID]) -> None:
    with connection.transaction():
        for variant in variants:
            connection.execute("SELECT 1 FROM product_variants WHERE id = %s FOR UPDATE", [variant])
            time.sleep(0.02)


def _touch(connection: psycopg.Connection, variants: Sequence[UUID]) -> None:
    for variant in variants:
        connection.execute("UPDATE product_variants SET updated_at = now() WHERE id = %s", [variant])


@contextmanager
def _meddler(
    cluster: Cluster,
    first: Sequence[str],
    meddle: Callable[[psycopg.Connection, Sequence[UUID]], None],
    variants: Sequence[UUID],
) -> Iterator[None]:
    """Have a stranger meddle with the variants again and again, in a thread."""
    over = threading.Event()

    def run() -> None:
        with cluster.superuser() as connection:
            for statement in first:
                connection.execute(statement.encode())
            while not over.wait(0.01):
                # Who meddles may lose the race too.
                with suppress(psycopg.errors.SerializationFailure):
                    meddle(connection, variants)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


@contextmanager
def full_disk(cluster: Cluster, variants: Sequence[UUID]) -> Iterator[None]:
    """Move the database to a small disk and fill that to the last byte; only root can make one."""
    disk = cluster.server.home / "small-disk"
    disk.mkdir()
    _run("mount", "-t", "tmpfs", "-o", f"size={DISK},mode=0700,uid={cluster.server.owner.uid}", "tmpfs", str(disk))
    try:
        cluster.command(f"CREATE TABLESPACE small LOCATION '{disk}'")
        _move(cluster, "small")
        with (disk / "junk").open("wb", buffering=0) as junk:
            _fill(junk.fileno())
        yield
        (disk / "junk").unlink()
        _move(cluster, "pg_default")
        cluster.command("DROP TABLESPACE small")
    finally:
        _run("umount", "-l", str(disk))


def _move(cluster: Cluster, tablespace: str) -> None:
    """Move the database, to which nobody may be connected meanwhile."""
    cluster.proxy.refuse()
    cluster.end_sessions()
    cluster.command(f"ALTER DATABASE {cluster.database} SET TABLESPACE {tablespace}")
    cluster.proxy.mend()


def _fill(file: int) -> None:
    """Write until not even one page more fits."""
    size = 1 << 20
    while size >= 4096:
        with suppress(OSError):
            while os.write(file, b"\0" * size) == size:
                continue
        size //= 2


def _run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True)


LIMITS = (
    Limit("disk full", "catalog", full_disk, "No space left on device"),
    Limit("read-only", "payments", read_only, "in a read-only transaction"),
    Limit("too many connections", "orders", no_connections, "too many connections for role"),
    Limit("deadlocks", "catalog", deadlocks, "deadlock detected", spends=MOST),
    Limit("lost serializations", "catalog", serialization, "could not serialize access", spends=MOST),
    Limit("statement timeouts", "notifications", slow, "canceling statement due to statement timeout", spends=MOST),
)
