"""Which migrations are judged: those that a database still lacks, or those that are named."""

from django.core.management.base import CommandError
from django.db import connections
from django.db.migrations.exceptions import AmbiguityError
from django.db.migrations.loader import MigrationLoader

from .lint import Danger, dangers_of
from .owned import OwnedExecutor
from .states import DatabaseState


def lint_pending(state: DatabaseState) -> list[Danger]:
    """Judge what a database lacks, as one release: tables that are new in it are nobody's yet."""
    executor = OwnedExecutor(connections[state.alias])
    project = executor._create_project_state(with_applied_migrations=True)  # type: ignore[attr-defined]
    fresh: set[tuple[str, str]] = set()
    return [danger for migration in state.pending for danger in dangers_of(migration, project, fresh=fresh)]


def lint_named(app_label: str, name: str | None) -> list[Danger]:
    """Judge an app's migration, or all of them as if each were a release of its own; asks no database."""
    loader = MigrationLoader(None)
    if name is None:
        keys = sorted(key for key in loader.graph.nodes if key[0] == app_label)
    else:
        try:
            keys = [(app_label, loader.get_migration_by_prefix(app_label, name).name)]
        except (AmbiguityError, KeyError):
            raise CommandError(f"No migration of {app_label}, or more than one, begins with {name!r}.") from None
    found = []
    for key in keys:
        project = loader.project_state(key, at_end=False)
        found += dangers_of(loader.graph.nodes[key], project, fresh=set())
    return found
