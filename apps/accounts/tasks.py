"""What accounts does by the clock."""

from typing import Any

from celery import shared_task

from apps.core import clock

from . import services


@shared_task(name="accounts.forget_old_sessions")
def forget_old_sessions(**later: Any) -> None:
    services.forget_old_sessions(now=clock.now())
