"""
The three series of the founding design, by its names, labels and buckets.

`service` is the app that owns the database, `table` is known from the query (statements.py).
"""

from functools import cache

from prometheus_client import Counter, Gauge, Histogram

from .statements import About

QUERY_DURATION = Histogram(
    "database_query_duration_seconds",
    "Database query duration in seconds",
    ["service", "query_type", "table"],
    buckets=[0.001, 0.01, 0.1, 0.5, 1, 2, 5],
)
POOL_SIZE = Gauge(
    "database_connection_pool_size",
    "Database connection pool size",
    ["service", "status"],
    # Of the processes that live, all together.
    multiprocess_mode="livesum",
)
SLOW_QUERIES = Counter("database_slow_queries_total", "Number of slow database queries", ["service", "table"])


def service_of(alias: str) -> str:
    """Return the app that owns a database; its replica serves the same."""
    return alias.removesuffix("_replica")


@cache
def duration_of(service: str, about: About) -> Histogram:
    """Return the histogram of one kind of statement; kept, because finding it costs more than observing."""
    return QUERY_DURATION.labels(service, about.query_type, about.table)
