"""How full the pools of this process are: told every 30 seconds, and whenever the metrics are read."""

import os
import threading
import time

from django.conf import settings
from django.db.backends.postgresql.base import DatabaseWrapper

from .series import POOL_SIZE, service_of

EVERY_SECONDS = 30
_watched: set[int] = set()
_lock = threading.Lock()


def watch() -> None:
    """Start the thread that refreshes the series, once in each process; a fork leaves threads behind."""
    if os.getpid() in _watched:
        return
    with _lock:
        if os.getpid() not in _watched:
            _watched.add(os.getpid())
            threading.Thread(target=refresh_for_ever, name="pool-sizes", daemon=True).start()


def refresh_for_ever() -> None:
    while True:
        time.sleep(EVERY_SECONDS)
        refresh()


def refresh() -> None:
    """Set the series of every database; a pool that nobody asked yet has no connections."""
    pools = dict(DatabaseWrapper._connection_pools)  # type: ignore[attr-defined]
    for alias in settings.DATABASES:
        if alias == "default":
            continue
        stats = pools[alias].get_stats() if alias in pools else {}
        for status, measure in MEASURES.items():
            POOL_SIZE.labels(service_of(alias), status).set(stats.get(measure, 0))


# Idle ones wait in the pool for work; waiting are the requests that wait for a connection.
MEASURES = {"total": "pool_size", "idle": "pool_available", "waiting": "requests_waiting"}
