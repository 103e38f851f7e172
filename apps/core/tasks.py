"""Celery entry points of the kernel."""

import logging
from typing import Any

from celery import shared_task
from django.conf import settings
from django.db import OperationalError

from .metrics import slow

logger = logging.getLogger(__name__)


@shared_task(name="core.count_slow_queries", ignore_result=True)
def count_slow_queries(**later: Any) -> None:
    """Count what was slow in each database since the last look; one that is down does not stop the others."""
    for alias in settings.DATABASES:
        if alias == "default":
            continue
        try:
            slow.count(alias)
        except OperationalError:
            logger.warning("slow_queries_not_counted", extra={"service": alias}, exc_info=True)
