"""
Five databases and a cache.

Where `<APP>_DATABASE_URL` or `REDIS_URL` is set, that server is used; elsewhere the embedded one, whose address follows
from the folder of this checkout.
"""

from typing import Any

from redis.backoff import NoBackoff
from redis.retry import Retry

from apps.core.services.addresses import database_url, database_variable, redis_url

from .environment import env

ALIASES = ("accounts", "catalog", "orders", "payments", "notifications")


def database(alias: str) -> dict[str, Any]:
    """Return Django's settings of one database; pool limits are the founding design's, by environment."""
    config: dict[str, Any] = env.db_url_config(env(database_variable(alias), default=database_url(alias)))
    options: dict[str, Any] = config.get("OPTIONS", {})
    config["HOST"] = options.pop("host", config["HOST"])
    return config | {
        "ENGINE": "apps.core.database",
        "CONN_MAX_AGE": 0,
        "DISABLE_SERVER_SIDE_CURSORS": True,
        "OPTIONS": options
        | {"connect_timeout": env.int("DATABASE_CONNECT_TIMEOUT_SECONDS", default=2), "pool": pool()},
        # Every alias stands alone: a test that asks for one database sets up one.
        "TEST": {"DEPENDENCIES": []},
    }


def pool() -> dict[str, int] | bool:
    """Return the limits of the connection pool that each process keeps per database; False for a maximum of 0."""
    largest, timeout = env.int("DATABASE_POOL_MAX", default=20), env.int("DATABASE_POOL_TIMEOUT_SECONDS", default=5)
    return largest > 0 and {
        "min_size": env.int("DATABASE_POOL_MIN", default=0),
        "max_size": largest,
        "max_idle": env.int("DATABASE_POOL_IDLE_SECONDS", default=30),
        "timeout": timeout,
        # A pool that cannot connect tries ever more rarely, and nobody else does meanwhile: after an outage of a minute
        # it may be another until it looks again. Given up before whoever waits, the next to ask begins anew.
        "reconnect_timeout": max(1, timeout - 1),
    }


# What binds the sessions of the web, in seconds; 0 for no limit (apps/core/database/session_limits.py).
SESSION_LIMITS: dict[str, float] = {
    "statement_timeout": env.float("WEB_STATEMENT_SECONDS", default=30.0),
    "lock_timeout": env.float("WEB_LOCK_SECONDS", default=5.0),
    "idle_in_transaction_session_timeout": env.float("WEB_IDLE_SECONDS", default=30.0),
}
# In transaction mode, where a session is anybody's.
BEHIND_PGBOUNCER = env.bool("BEHIND_PGBOUNCER", default=False)
# A process that serves one domain knows one database; whatever asks for another fails when it asks.
HERE = env.list("DATABASES_HERE", default=list(ALIASES))
# A query that names no owner is a bug: the empty default makes it fail at once.
DATABASES: dict[str, dict[str, Any]] = {"default": {}} | {alias: database(alias) for alias in ALIASES if alias in HERE}

CACHES = {
    "default": {
        "BACKEND": "django_redis.cache.RedisCache",
        "LOCATION": env("REDIS_URL", default=redis_url()),
        "OPTIONS": {
            "SOCKET_CONNECT_TIMEOUT": 0.5,
            "SOCKET_TIMEOUT": 0.5,
            # A cache that does not answer is done without; trying again would only hold the request.
            "CONNECTION_POOL_KWARGS": {"retry": Retry(NoBackoff(), 0)},
        },
    }
}
