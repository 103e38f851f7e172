"""Celery entry points of the engine. A message is a doorbell: it says that a lane may have work, and nothing else."""

from typing import Any

from celery import shared_task

from . import lanes


@shared_task(name="sagas.run_lane", ignore_result=True)
def run_lane(lane: str, **later: Any) -> None:
    """Work on a lane until nothing is due, for 20 s at most."""
    lanes.run_lane(lane)
