"""The statements behind `Idempotency-Key`: one to look and lock, one to keep the answer, one to clean up."""

from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Any

import orjson
from django.db import connections

from apps.core.database.statements import Statement
from apps.core.models import IdempotencyRecord


@dataclass(frozen=True)
class Stored:
    """A kept answer, and the fingerprint of the request it answered."""

    request_hash: bytes
    status: int
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Found:
    """What a request met under its key; `locked` tells whether it is the only one under way."""

    locked: bool
    stored: Stored | None


# The lock is tried once, whatever the record says: a record that is there answers even while others read it too.
CLAIM = """
    SELECT pg_try_advisory_xact_lock(%s), record.request_hash, record.status, record.headers::text, record.body
    FROM (VALUES (1)) AS one
    LEFT JOIN {table} AS record ON record.scope = %s AND record.key = %s AND record.expires_at > now()
"""
KEEP = """
    INSERT INTO {table} AS record (scope, key, request_hash, status, headers, body, created_at, expires_at)
    VALUES (%s, %s, %s, %s, %s::jsonb, %s, now(), now() + %s)
    ON CONFLICT (scope, key) DO UPDATE
    SET request_hash = excluded.request_hash, status = excluded.status, headers = excluded.headers,
        body = excluded.body, created_at = excluded.created_at, expires_at = excluded.expires_at
    WHERE record.expires_at <= now()
    RETURNING 1
"""
FORGET = """
    DELETE FROM {table} WHERE (scope, key) IN (
        SELECT scope, key FROM {table} WHERE expires_at <= now() LIMIT %s FOR UPDATE SKIP LOCKED
    )
"""


def statement(template: str, query_type: str, model: type[IdempotencyRecord], using: str) -> Statement:
    table = model._meta.db_table
    sql = template.format(table=connections[using].ops.quote_name(table))
    return Statement(sql, query_type=query_type, table=table)


def lock_number(table: str, scope: str, key: str) -> int:
    """Return the 64-bit number of the advisory lock of a key."""
    name = "\0".join((table, scope, key)).encode()
    return int.from_bytes(sha256(name).digest()[:8], signed=True)


def claim(model: type[IdempotencyRecord], *, using: str, scope: str, key: str) -> Found:
    """Look a key up and try its lock, in one statement; the lock ends with the transaction."""
    with connections[using].cursor() as cursor:
        lock = lock_number(model._meta.db_table, scope, key)
        cursor.execute(statement(CLAIM, "select", model, using), [lock, scope, key])
        locked, request_hash, status, headers, body = cursor.fetchone()
    if request_hash is None:
        return Found(locked, None)
    return Found(locked, Stored(bytes(request_hash), status, orjson.loads(headers), bytes(body)))


def keep(
    model: type[IdempotencyRecord], stored: Stored, *, using: str, scope: str, key: str, kept_for: timedelta
) -> bool:
    """Keep an answer; False where one that has not expired stands there already."""
    headers = orjson.dumps(stored.headers).decode()
    values: list[Any] = [scope, key, stored.request_hash, stored.status, headers, stored.body, kept_for]
    with connections[using].cursor() as cursor:
        cursor.execute(statement(KEEP, "insert", model, using), values)
        return cursor.fetchone() is not None


def forget_expired(model: type[IdempotencyRecord], *, using: str, at_most: int = 10_000) -> int:
    """
    Delete expired records, at most so many at once, and return how many went.

    For a task that runs every hour; an expired record already counts as absent.
    """
    with connections[using].cursor() as cursor:
        cursor.execute(statement(FORGET, "delete", model, using), [at_most])
        return int(cursor.rowcount)
