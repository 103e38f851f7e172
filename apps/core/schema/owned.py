"""Django's migration executor, held to the migrations of the apps that a database owns."""

from collections.abc import Iterable

from django.conf import settings
from django.db import router
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations import Migration
from django.db.migrations.executor import MigrationExecutor

Key = tuple[str, str]


def database_aliases() -> list[str]:
    """Return the aliases of the project's databases, as the settings order them; the empty default is none."""
    return [alias for alias, database in settings.DATABASES.items() if database.get("NAME")]


def owners_of(app_label: str) -> list[str]:
    """Return the aliases of the databases that hold an app's tables."""
    return [alias for alias in database_aliases() if router.allow_migrate(alias, app_label)]


class OwnedExecutor(MigrationExecutor):
    """
    Plans only the migrations of apps that the database owns.

    Django plans, runs and records every migration in every database, and lets the router empty the foreign ones; the
    record then claims tables that do not exist. No migration may depend on one of another database.
    """

    connection: BaseDatabaseWrapper

    def migration_plan(
        self, targets: Iterable[tuple[str, str | None]], clean_start: bool = False
    ) -> list[tuple[Migration, bool]]:
        alias = self.connection.alias
        # Targets of other databases are left out first: planning them would walk their whole graphs.
        owned = [target for target in targets if router.allow_migrate(alias, target[0])]
        plan = super().migration_plan(owned, clean_start=clean_start)
        return [step for step in plan if router.allow_migrate(alias, step[0].app_label)]

    def pending(self) -> list[Key]:
        """Return the migrations that are not applied yet, in the order they would be."""
        plan = self.migration_plan(self.loader.graph.leaf_nodes())
        return [(migration.app_label, migration.name) for migration, _ in plan]
