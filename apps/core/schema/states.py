"""What is applied where: one look at every database."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import psycopg
from django.db import connections
from django.db.migrations import Migration

from .history import Applied, list_history
from .lock import plain_parameters
from .outcome import first_line
from .owned import OwnedExecutor


@dataclass(frozen=True)
class DatabaseState:
    """
    One database's migrations: `applied` oldest first, `pending` in the order they would run.

    `error` is the reason why a database could not be asked, in one clause; the lists are empty then.
    """

    alias: str
    applied: list[Applied] = field(default_factory=list)
    pending: list[Migration] = field(default_factory=list)
    error: str = ""

    @property
    def pending_ids(self) -> list[str]:
        return [f"{migration.app_label}.{migration.name}" for migration in self.pending]

    def as_json(self) -> dict[str, Any]:
        return {
            "database": self.alias,
            "applied": len(self.applied),
            "pending": self.pending_ids,
            "last_applied_at": max((applied.executed_at.isoformat() for applied in self.applied), default=None),
            "error": self.error or None,
        }


def list_states(aliases: Sequence[str]) -> list[DatabaseState]:
    """Return the state of each database, in the order given."""
    return [get_state(alias) for alias in aliases]


def get_state(alias: str) -> DatabaseState:
    """Return the state of one database; one that is out of reach is described, not raised."""
    connection = connections[alias]
    try:
        # A pool would try for seconds before it gave up.
        psycopg.connect(**plain_parameters(connection)).close()
    except psycopg.OperationalError as error:
        return DatabaseState(alias, error=first_line(error))
    executor = OwnedExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return DatabaseState(alias, list_history(connection), [migration for migration, _ in plan])
