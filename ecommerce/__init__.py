"""The composition root: settings, addresses, routers. It knows every app and holds no business rule."""

from .celery import app as celery_app

__all__ = ["celery_app"]
