"""Celery entry points of the engine. A message is a doorbell: it says that a lane may have work, and nothing else."""

from typing import Any

from celery import shared_task
from celery.signals import worker_ready
from django.db import connections

from apps.core import clock

from . import doorbell, lanes, requests
from .orchestrator import home
from .participant import PARTICIPANTS
from .relay import BATCH, relay

MONTHS_AHEAD = 3
RELAY_TURNS = 20


@shared_task(name="sagas.run_lane", ignore_result=True)
def run_lane(lane: str, **later: Any) -> None:
    """Work on a lane until nothing is due, for 20 s at most."""
    lanes.run_lane(lane)


@worker_ready.connect
def look_at_every_lane(**_: Any) -> None:
    """A worker that starts asks for what fell due while none ran; it does not wait for somebody to ring."""
    doorbell.ring(PARTICIPANTS)


@shared_task(name="sagas.ensure_partitions", ignore_result=True)
def ensure_partitions(**later: Any) -> None:
    """Have a partition of the history ready for this month and the next ones."""
    with connections[home()].cursor() as cursor:
        cursor.execute("SELECT ensure_saga_events_partitions(%s, %s)", [clock.now().date(), MONTHS_AHEAD])


@shared_task(name="sagas.answer_requests", ignore_result=True)
def answer_requests(**later: Any) -> None:
    """Answer what was asked of sagas by somebody who died before the answer."""
    requests.answer_open_requests()


@shared_task(name="sagas.relay_outbox", ignore_result=True)
def relay_outbox(database: str, **later: Any) -> None:
    """Hand over what lies in one outbox, a bounded number of batches a message."""
    for _ in range(RELAY_TURNS):
        if relay(database) < BATCH:
            break
