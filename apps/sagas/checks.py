"""What is wrong with the registered definitions that only the whole project can know: told by Django when it starts."""

from collections.abc import Iterable
from typing import Any

from django.core.checks import CheckMessage, Error, register

from .definition import Kind, Saga, Step
from .messages import Direction
from .orchestrator import home
from .participant import PARTICIPANTS
from .registry import SAGAS


@register()
def check_participants(app_configs: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """Check every registered definition."""
    return [error for saga in SAGAS.values() for error in wrong_places(saga)]


def wrong_places(saga: Saga) -> Iterable[Error]:
    """
    Yield what is wrong with where the steps of a saga run.

    The pivot must run in the settle, where one commit decides between it and a request to undo. What stands before the
    saga is written in the commit that begins it.
    """
    for step in saga.steps:
        for direction in _directions(step):
            name, place = step.participant(direction), f"{saga.name} version {saga.version}: {step.name} {direction}"
            if name not in PARTICIPANTS:
                yield Error(f"{place} is asked of {name}, which no handlers module registers", id="sagas.E001")
            elif (step.kind is Kind.PIVOT or step.do is None) and PARTICIPANTS[name].database != home():
                where = PARTICIPANTS[name].database
                yield Error(
                    f"{place} runs in the database {where}, but sagas live in {home()}",
                    hint="A pivot, and what stands before a saga begins, belong to the database of the sagas.",
                    id="sagas.E002",
                )


def _directions(step: Step) -> list[Direction]:
    builds = {Direction.FORWARD: step.do, Direction.BACKWARD: step.undo}
    return [direction for direction, build in builds.items() if build is not None]
