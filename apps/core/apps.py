from celery.signals import beat_init, worker_init
from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules

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
