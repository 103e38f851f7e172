"""
How long a session of the web may keep others waiting: a statement, a wait for a lock, silence inside a transaction.

Without them a request that waits behind a frozen worker holds its thread until that one is gone, and a web process that
freezes in mid-transaction keeps its locks. Only the web is bound: migrations and commands take the time they need, and
the workers' batches have limits from their leases (apps/sagas/limits.py).
"""

from typing import Any

from django.conf import settings
from django.db import connections
from django.db.utils import DEFAULT_DB_ALIAS, ConnectionHandler

IN_TRANSACTIONS = "LIMITS_IN_TRANSACTIONS"
"""The key of a database's settings that holds what is executed at the beginning of each transaction."""


def limit_sessions(handler: ConnectionHandler = connections) -> None:
    """
    Bind every session that this process opens from now on by SESSION_LIMITS.

    A server is told when the session begins. Behind PgBouncer in transaction mode a session is anybody's, and such a
    start is refused (pgbouncer.org/config.html, ignore_startup_parameters); so each transaction says it for itself.
    """
    limits = {name: f"{int(seconds * 1000)}ms" for name, seconds in settings.SESSION_LIMITS.items()}
    for alias, config in handler.settings.items():
        if alias == DEFAULT_DB_ALIAS:
            continue
        if settings.BEHIND_PGBOUNCER:
            config[IN_TRANSACTIONS] = "; ".join(f"SET LOCAL {name} = '{limit}'" for name, limit in limits.items())
        else:
            _tell_at_the_start(config["OPTIONS"], limits)


def _tell_at_the_start(options: dict[str, Any], limits: dict[str, str]) -> None:
    told = [options["options"]] if "options" in options else []
    options["options"] = " ".join([*told, *(f"-c {name}={limit}" for name, limit in limits.items())])
