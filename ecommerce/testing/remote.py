"""A participant deployed apart: its own processes, RabbitMQ between it and the lanes, and no database but its own."""

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from apps.core.services.addresses import database_variable

from .processes import PYTHON, Process
from .stack import ALIASES

POINTS = ("after_commands_sent", "after_commands_taken", "before_answer", "after_answer")
"""The failpoints that only a remote lane passes."""
NOWHERE = "postgresql://nobody:wrong@127.0.0.1:1/nowhere"


class Place(Protocol):
    """Where processes run: a stack, for instance."""

    @property
    def environment(self) -> Mapping[str, str]: ...

    @property
    def folder(self) -> Path: ...


def with_databases(environment: Mapping[str, str], *aliases: str) -> dict[str, str]:
    """Return an environment in which only these databases can be reached; the others' addresses lead nowhere."""
    others = {database_variable(alias): NOWHERE for alias in ALIASES if alias not in aliases}
    return {**environment, **others, "DATABASES_HERE": ",".join(aliases)}


def participant(place: Place, name: str, alias: str = "catalog", **environment: str) -> Process:
    """Return a worker that takes the commands of a participant, not yet started."""
    command = [PYTHON, "-m", "celery", "-A", "ecommerce", "worker", "--pool", "threads", "--concurrency", "2"]
    options = ["-l", "warning", "-Q", f"commands.{alias}", "--without-gossip", "--without-mingle", "-n", f"{name}@%h"]
    return Process(name, command + options, with_databases(place.environment, alias) | environment, place.folder)


def asking_worker(place: Place, name: str, alias: str = "catalog", **environment: str) -> Process:
    """Return a worker of a lane whose participant is elsewhere; it knows the sagas' database alone. Not yet started."""
    command = [PYTHON, "manage.py", "saga", "worker", "--lane", alias]
    remote = {"SAGA_REMOTE_LANES": alias}
    return Process(name, command, with_databases(place.environment, "orders") | remote | environment, place.folder)
