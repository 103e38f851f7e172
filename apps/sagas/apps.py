from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class SagasConfig(AppConfig):
    name = "apps.sagas"
    label = "sagas"

    def ready(self) -> None:
        """Import every app's `handlers`, where participants and definitions register themselves; then guard them."""
        autodiscover_modules("handlers", "checks", "starting")
