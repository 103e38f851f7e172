from importlib import import_module

from django.apps import AppConfig
from django.conf import settings
from django.utils.module_loading import autodiscover_modules


class SagasConfig(AppConfig):
    name = "apps.sagas"
    label = "sagas"

    def ready(self) -> None:
        """Import every app's `handlers`, where participants and definitions register themselves; then their guards."""
        autodiscover_modules("handlers", "audit", "checks", "starting")
        for module in settings.SAGA_AUDITS:
            import_module(module)
