"""
Whether the process lives, and whether it can serve.

Without one of its databases a process is not ready: a load balancer should ask another. Without the cache or the
broker it is degraded, and ready all the same: answers come from the databases, and workers find their work by looking.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import psycopg
from amqp.exceptions import AMQPError
from celery import current_app
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django_redis.exceptions import ConnectionInterrupted
from kombu.exceptions import OperationalError as BrokerUnreachable
from redis.exceptions import RedisError

from .database.probe import Outcome, asking, at_once
from .json import dumps

WITHIN_SECONDS = 3.0
UNREACHABLE = (psycopg.Error, AMQPError, RedisError, ConnectionInterrupted, BrokerUnreachable, OSError)


@dataclass(frozen=True)
class Report:
    """What each dependency answered; `status` is ready, degraded or unavailable."""

    status: str
    databases: dict[str, dict[str, Any]]
    cache: dict[str, Any]
    broker: dict[str, Any]


def report() -> Report:
    """Ask every database, the cache and the broker, all at once, for three seconds at most."""
    aliases = [alias for alias in settings.DATABASES if alias != "default"]
    works: dict[str, Callable[[], Any]] = {alias: asking(alias, [("SELECT 1", ())]) for alias in aliases}
    works |= {"the cache": ask_cache, "the broker": ask_broker}
    outcomes = at_once(works, foreseen=UNREACHABLE, within_seconds=WITHIN_SECONDS)
    databases = {alias: told(outcomes[alias]) for alias in aliases}
    beside = {name: told(outcomes[name]) for name in ("the cache", "the broker")}
    status = "ready" if all(one["status"] == "up" for one in beside.values()) else "degraded"
    if any(one["status"] == "down" for one in databases.values()):
        status = "unavailable"
    return Report(status, databases, beside["the cache"], beside["the broker"])


def ask_cache() -> bool:
    return cache.add("health", 1, timeout=1) or True


def ask_broker() -> bool:
    with current_app.connection_for_write() as connection:
        # Redis connects when its first channel opens, AMQP when it is told to.
        connection.default_channel.close()
    return True


def told(outcome: Outcome[Any]) -> dict[str, Any]:
    """Return what everybody may know: that something does not answer, not where it stands or what it said."""
    status = "up" if outcome.error is None else "down"
    return {"status": status, "milliseconds": round(outcome.seconds * 1000, 1)}


def live(request: HttpRequest) -> HttpResponse:
    """Answer 200: the process takes requests. Nothing else is asked, so that an outage elsewhere restarts nothing."""
    return answer({"status": "alive"}, 200)


def ready(request: HttpRequest) -> HttpResponse:
    """Answer 200 where every database answers, else 503; the body says what each dependency did."""
    found = report()
    return answer(vars(found), 503 if found.status == "unavailable" else 200)


def answer(body: dict[str, Any], status: int) -> HttpResponse:
    return HttpResponse(
        dumps(body), status=status, content_type="application/json", headers={"Cache-Control": "no-store"}
    )
