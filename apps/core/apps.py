from typing import Any

from celery.signals import beat_init, setup_logging, worker_init
from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django_structlog.signals import bind_extra_request_finished_metadata, update_failure_response

from .logs import tell_request_id
from .metrics.exposition import serve_where_configured
from .pools import forget_in_children


class CoreConfig(AppConfig):
    name = "apps.core"
    label = "core"

    def ready(self) -> None:
        """Settle what children inherit, and who tells which metrics: every app says in its `metrics` what is read."""
        forget_in_children()
        autodiscover_modules("metrics")
        worker_init.connect(serve_where_configured)
        beat_init.connect(serve_where_configured)
        bind_extra_request_finished_metadata.connect(tell_request_id)
        update_failure_response.connect(tell_request_id)
        setup_logging.connect(leave_logging_alone)


def leave_logging_alone(**_: Any) -> None:
    """Celery sets logging up only where nobody listens; the settings have done it."""
