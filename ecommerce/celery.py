"""The Celery application; workers and beat start it with `celery -A ecommerce`."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ecommerce.settings.development")

app = Celery("ecommerce")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
# The relay runs in workers, and hands over to these.
app.autodiscover_tasks(["ecommerce"], related_name="subscriptions")
