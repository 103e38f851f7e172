"""
Celery entry points of the engine.

A message is a doorbell: it says that a lane may have work, and nothing else. Only commands for a participant that is
deployed apart travel as messages.
"""

import time
from datetime import timedelta
from typing import Any

from celery import Task, shared_task
from celery.exceptions import Reject
from celery.signals import worker_ready
from django.conf import settings

from apps.core import clock

from . import doorbell, lanes, requests, retention
from .audit import turns
from .participant import PARTICIPANTS
from .relay import BATCH, relay
from .transport import answering

MONTHS_AHEAD = 3
RELAY_TURNS = 20


@shared_task(name="sagas.run_lane", ignore_result=True)
def run_lane(lane: str, **later: Any) -> None:
    """Work on a lane until nothing is due, for 20 s at most."""
    lanes.run_lane(lane)


@shared_task(name="sagas.audit", ignore_result=True)
def audit(**later: Any) -> None:
    """Judge what is new and a part of what is old; keep what is found."""
    turns.turn(seconds=turns.allowed_seconds())


@shared_task(name="sagas.execute_commands", ignore_result=True, bind=True, acks_late=True, reject_on_worker_lost=True)
def execute_commands(self: Task, *, batch: dict[str, Any], **later: Any) -> None:
    """Execute a batch of commands for a lane elsewhere, and answer it; one that nobody can read is set aside."""
    try:
        answering.answer(batch, reply_to=self.request.reply_to, batch_id=self.request.id)
    except answering.Unreadable as error:
        raise Reject(str(error), requeue=False) from error


@worker_ready.connect
def look_at_every_lane(**_: Any) -> None:
    """A worker that starts asks for what fell due while none ran; it does not wait for somebody to ring."""
    doorbell.ring(PARTICIPANTS)


@shared_task(name="sagas.ensure_partitions", ignore_result=True)
def ensure_partitions(**later: Any) -> None:
    """Have the partitions ready for this month and the next ones."""
    retention.ensure_months(first=clock.now().date(), months=MONTHS_AHEAD)


@shared_task(name="sagas.archive_finished", ignore_result=True)
def archive_finished(**later: Any) -> None:
    """Archive what finished a while ago, batch by batch, for 20 s at most."""
    before, stop_at = clock.now() - timedelta(hours=settings.SAGA_ARCHIVE_AFTER_HOURS), time.monotonic() + 20.0
    while retention.archive_finished(before=before) and time.monotonic() < stop_at:
        pass


@shared_task(name="sagas.drop_old_months", ignore_result=True)
def drop_old_months(**later: Any) -> None:
    """Drop the months of sagas that are kept no longer."""
    retention.drop_months(before=retention.oldest_kept(clock.now(), settings.SAGA_HISTORY_MONTHS))


@shared_task(name="sagas.forget_inbox", ignore_result=True)
def forget_inbox(database: str, **later: Any) -> None:
    """Forget what one database did for sagas that ended long ago."""
    now = clock.now()
    retention.forget_inbox(
        using=database,
        finished_before=now - timedelta(days=settings.SAGA_INBOX_DAYS),
        born_before=retention.oldest_kept(now, settings.SAGA_HISTORY_MONTHS),
    )


@shared_task(name="sagas.prune_outbox", ignore_result=True)
def prune_outbox(database: str, **later: Any) -> None:
    """Prune the published events of one outbox."""
    retention.prune_outbox(using=database, before=clock.now() - timedelta(days=settings.OUTBOX_DAYS))


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
