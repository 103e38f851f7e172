"""`manage.py migrate`: every database at once, each with the migrations of its own apps."""

import time
from dataclasses import replace
from io import StringIO
from typing import Any

import psycopg
from django.core.management.base import CommandError, CommandParser
from django.core.management.commands import migrate as django_migrate
from django.db import Error, connections
from django.db.migrations import Migration

from apps.core.schema.history import ensure_view
from apps.core.schema.lock import migration_lock
from apps.core.schema.outcome import Outcome, first_line
from apps.core.schema.owned import OwnedExecutor, database_aliases, owners_of
from apps.core.schema.parallel import in_processes
from apps.core.terminal import print_table

# Django offers no other way to choose the executor of its command.
django_migrate.MigrationExecutor = OwnedExecutor  # type: ignore[attr-defined]


class Command(django_migrate.Command):
    help = "Bring every database, or one of them, to the state its apps' migrations describe."
    # Checks that ask a database would stop at the first one that is down.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.set_defaults(database=None)

    def handle(self, *args: Any, **options: Any) -> None:
        aliases = self._aliases(options)
        if len(aliases) == 1:
            outcomes = [self.migrate_one(aliases[0], options)]
        else:
            plain = {name: value for name, value in options.items() if name not in {"stdout", "stderr"}}
            outcomes = in_processes(migrate_quietly, [(alias, plain) for alias in aliases])
        self._report(outcomes, options)

    def migrate_one(self, alias: str, options: dict[str, Any]) -> Outcome:
        """Run Django's command on one database, under its lock."""
        began = time.monotonic()
        self.applied = 0
        connection = connections[alias]
        pending, error, unapplied = None, "", False
        try:
            with migration_lock(connection):
                super().handle(**options | {"database": alias})
                ensure_view(connection)
                pending = len(OwnedExecutor(connection).pending())
        except psycopg.errors.LockNotAvailable:
            error = "another migration of this database is taking too long"
        except (Error, psycopg.Error, CommandError) as problem:
            error = first_line(problem)
        except SystemExit as end:
            unapplied = bool(end.code)
        finally:
            connection.close()
        seconds = time.monotonic() - began
        return Outcome(alias, self.applied, pending, seconds, error=error, unapplied=unapplied)

    def migration_progress_callback(self, action: str, migration: Migration | None = None, fake: bool = False) -> None:
        self.applied += action in {"apply_success", "unapply_success"}
        super().migration_progress_callback(action, migration, fake)

    def _aliases(self, options: dict[str, Any]) -> list[str]:
        if options["database"]:
            return [options["database"]]
        if options["app_label"]:
            try:
                return owners_of(options["app_label"])
            except LookupError as error:
                raise CommandError(str(error)) from None
        return database_aliases()

    def _report(self, outcomes: list[Outcome], options: dict[str, Any]) -> None:
        looking = options["plan"] or options["check_unapplied"]
        for outcome in outcomes:
            if outcome.printed and (options["plan"] or options["verbosity"] > 1):
                self.stdout.write(f"{outcome.alias}:\n{outcome.printed}")
        if options["verbosity"] > 0 and not looking:
            print_table(self.stdout, ["database", "applied", "pending", "seconds", ""], [o.row() for o in outcomes])
        failed = [outcome for outcome in outcomes if outcome.error]
        if failed:
            reasons = "; ".join(f"{outcome.alias} ({outcome.error})" for outcome in failed)
            raise CommandError(f"Not migrated: {reasons}.")
        if any(outcome.unapplied for outcome in outcomes):
            raise SystemExit(1)


def migrate_quietly(alias: str, options: dict[str, Any]) -> Outcome:
    """Migrate one database in a process of its own, where printing and the connections are nobody else's."""
    printed = StringIO()
    connections[alias].settings_dict["OPTIONS"]["pool"] = False
    outcome = Command(stdout=printed).migrate_one(alias, options)
    return replace(outcome, printed=printed.getvalue())
