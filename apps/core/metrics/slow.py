"""
Slow statements, as the databases saw them: `database_slow_queries_total{service,table}`.

pg_stat_statements holds, for each statement, how often it ran, how long in all and how long at most, since its last
reset. Two looks a minute apart tell what happened in between. A statement counts as slow when its mean over the minute
passed a second: then every run of it does; or else when its maximum rose past a second: then one run does.

Only the databases are asked, so that nothing counts twice and whatever ran there counts: reports, imports, a person
at psql. How slow the statements of our own processes were stands in `database_query_duration_seconds`.
"""

import logging
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from django.core.cache import cache
from django.db import ProgrammingError, connections

from apps.core.database.series import SLOW_QUERIES, service_of
from apps.core.database.statements import Statement

from .tables import table_of

logger = logging.getLogger(__name__)

SLOW_MS = 1000
KEPT_SECONDS = 3600

# Whatever never took a second cannot have been slow; there is little else, so a look is cheap.
LOOK = Statement(
    """
    SELECT queryid, max(query), sum(calls)::bigint, sum(total_exec_time), max(max_exec_time)
    FROM pg_stat_statements
    WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
      AND max_exec_time > %s AND queryid IS NOT NULL
    GROUP BY queryid
    """,
    query_type="select",
    table="other",
)
TABLES = Statement(
    "SELECT tablename FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')",
    query_type="select",
    table="other",
)


class Seen(NamedTuple):
    """One statement at one look; times in milliseconds since the statistics were last reset."""

    query: str
    calls: int
    total_ms: float
    max_ms: float


class Slow(NamedTuple):
    """A statement that was slow since the last look."""

    query: str
    times: int
    mean_ms: float


def look(alias: str) -> dict[int, Seen] | None:
    """Return the statements that ever took a second, by their id; None where the extension is missing."""
    try:
        with connections[alias].cursor() as cursor:
            cursor.execute(LOOK, [SLOW_MS])
            return {queryid: Seen(*rest) for queryid, *rest in cursor.fetchall()}
    except ProgrammingError:
        logger.info("pg_stat_statements_missing", extra={"service": service_of(alias)})
        return None


def slow_since(before: Mapping[int, Seen], now: Mapping[int, Seen]) -> list[Slow]:
    """
    Return what was slow between two looks.

    A statement that was not there before had never been slow, or the statistics were reset: all of it is new.
    """
    found = []
    for queryid, seen in now.items():
        old = before.get(queryid, Seen("", 0, 0.0, 0.0))
        if seen.calls < old.calls:
            old = Seen("", 0, 0.0, 0.0)
        calls, total_ms = seen.calls - old.calls, seen.total_ms - old.total_ms
        if calls and total_ms / calls > SLOW_MS:
            found.append(Slow(seen.query, calls, total_ms / calls))
        elif calls and seen.max_ms > old.max_ms:
            found.append(Slow(seen.query, 1, seen.max_ms))
    return found


def count(alias: str) -> int:
    """
    Count what was slow in one database since the last look, and return how many runs that were.

    The look is kept in the cache, where the next one finds it, whichever worker takes it. The first look of all, and
    the first after the cache lost it, counts nothing: it cannot tell old from new.
    """
    now = look(alias)
    if now is None:
        return 0
    key = f"slow-queries:{alias}"
    before: dict[int, Seen] | None = cache.get(key)
    cache.set(key, now, KEPT_SECONDS)
    slow = slow_since(before, now) if before is not None else []
    if slow:
        tell(alias, slow, known_tables(alias))
    return sum(one.times for one in slow)


def known_tables(alias: str) -> frozenset[str]:
    with connections[alias].cursor() as cursor:
        cursor.execute(TABLES)
        return frozenset(name for (name,) in cursor.fetchall())


def tell(alias: str, slow: Iterable[Slow], tables: frozenset[str]) -> None:
    """Count and log; the text has placeholders where values stood, so it tells no secrets."""
    service = service_of(alias)
    for one in slow:
        table = table_of(one.query, tables)
        SLOW_QUERIES.labels(service, table).inc(one.times)
        logger.warning(
            "slow_query",
            extra={"service": service, "table": table, "times": one.times, "mean_ms": round(one.mean_ms)}
            | {"query": " ".join(one.query.split())[:200]},
        )
