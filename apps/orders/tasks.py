"""Celery entry points of orders."""

from typing import Any

from celery import shared_task

from . import services


@shared_task(name="orders.delete_expired", ignore_result=True)
def delete_expired(**later: Any) -> None:
    """Delete expired carts and kept answers."""
    services.delete_expired()
