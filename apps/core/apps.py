from django.apps import AppConfig

from .pools import forget_in_children


class CoreConfig(AppConfig):
    name = "apps.core"
    label = "core"

    def ready(self) -> None:
        forget_in_children()
