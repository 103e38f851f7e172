"""
Five databases and a cache.

Where `<APP>_DATABASE_URL` or `REDIS_URL` is set, that server is used; elsewhere the embedded one, whose address follows
from the folder of this checkout.
"""

from typing import Any

from apps.core.services.addresses import database_url, redis_url

from .environment import env

ALIASES = ("accounts", "catalog", "orders", "payments", "notifications")


def database(alias: str) -> dict[str, Any]:
    """Return Django's settings of one database; pool limits are the founding design's, by environment."""
    config: dict[str, Any] = env.db_url_config(env(f"{alias.upper()}_DATABASE_URL", default=database_url(alias)))
    return config | {
        "ENGINE": "django_prometheus.db.backends.postgresql",
        "CONN_MAX_AGE": 0,
        "DISABLE_SERVER_SIDE_CURSORS": True,
        "OPTIONS": config.get("OPTIONS", {})
        | {
            "connect_timeout": env.int("DATABASE_CONNECT_TIMEOUT_SECONDS", default=2),
            "pool": {
                "min_size": env.int("DATABASE_POOL_MIN", default=0),
                "max_size": env.int("DATABASE_POOL_MAX", default=20),
                "max_idle": env.int("DATABASE_POOL_IDLE_SECONDS", default=30),
                "timeout": env.int("DATABASE_POOL_TIMEOUT_SECONDS", default=10),
            },
        },
        # Every alias stands alone: a test that asks for one database sets up one.
        "TEST": {"DEPENDENCIES": []},
    }


# A query that names no owner is a bug: the empty default makes it fail at once.
DATABASES: dict[str, dict[str, Any]] = {"default": {}} | {alias: database(alias) for alias in ALIASES}

CACHES = {
    "default": {
        "BACKEND": "django_redis.cache.RedisCache",
        "LOCATION": env("REDIS_URL", default=redis_url()),
        "OPTIONS": {"SOCKET_CONNECT_TIMEOUT": 0.5, "SOCKET_TIMEOUT": 0.5},
    }
}
