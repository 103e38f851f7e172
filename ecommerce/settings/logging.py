"""
Structured logs, one line an event: JSON where programs read them, aligned text where a person does.

A line carries the ids of its request and user, and whatever `extra` its caller gave (an order, a saga). Tracebacks
come without the values of variables, and values whose names say "secret" are blanked.
"""

import sys
from typing import Any

import structlog

from apps.core.logs import as_line, drop_probes, drop_task_context, hide_secrets

from .environment import env

LOG_LEVEL = env("LOG_LEVEL", default="INFO")
# "json" or "console".
LOG_FORMAT = env("LOG_FORMAT", default="json")

# One line a request, when it is over.
DJANGO_STRUCTLOG_STATUS_START_LOG_LEVEL = 10
# A client's mistake is no trouble of ours.
DJANGO_STRUCTLOG_STATUS_4XX_LOG_LEVEL = 20
DJANGO_STRUCTLOG_TRUST_UPSTREAM_REQUEST_ID = env.bool("TRUST_REQUEST_ID", default=False)

_SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    drop_probes,
    drop_task_context,
    hide_secrets,
]
_WRITTEN: dict[str, list[Any]] = {
    "json": [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(serializer=as_line)],
    "console": [
        structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback)
    ],
}
structlog.configure(
    processors=[
        structlog.stdlib.filter_by_level,
        *_SHARED,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)


def formatter(name: str) -> dict[str, object]:
    """Return the formatter of one format, for lines from structlog and from the standard library alike."""
    return {
        "()": structlog.stdlib.ProcessorFormatter,
        "foreign_pre_chain": [structlog.stdlib.ExtraAdder(), *_SHARED],
        "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, *_WRITTEN[name]],
    }


LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {name: formatter(name) for name in _WRITTEN},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT}},
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL},
    "loggers": {
        "django": {"handlers": [], "propagate": True},
        # The request's own line says what these say again.
        "django.request": {"level": "CRITICAL"},
        "django.server": {"handlers": [], "propagate": True},
        # A ring every other second; what a task did, it says itself.
        "celery": {"level": "WARNING"},
        # That a worker is ready.
        "celery.apps.worker": {"level": "INFO"},
        # On RabbitMQ it warns that our queues take no tasks for later; we send none.
        "kombu.transport.native_delayed_delivery": {"level": "ERROR"},
        # Says of statements that are no queries that it did not understand them.
        "sqlglot": {"level": "ERROR"},
    },
}
