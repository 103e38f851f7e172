"""The Celery application; workers and beat start it with `celery -A ecommerce`."""

import os
from typing import Any

from celery import Celery
from celery.bootsteps import StartStopStep
from kombu.entity import Queue

from apps.sagas import queues

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ecommerce.settings.development")

app = Celery("ecommerce")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
# The relay runs in workers, and hands over to these.
app.autodiscover_tasks(["ecommerce"], related_name="subscriptions")


class DeclareDeadCommands(StartStopStep):
    """A worker that takes commands makes the queue of dead ones, each time it connects."""

    requires = ("celery.worker.consumer.connection:Connection",)

    def start(self, parent: Any) -> None:
        if any(name.startswith(queues.PREFIX) for name in parent.app.amqp.queues.consume_from):
            Queue(queues.DEAD_LETTERS, queue_arguments=queues.DEAD).bind(parent.connection.default_channel).declare()


app.steps["consumer"].add(DeclareDeadCommands)
