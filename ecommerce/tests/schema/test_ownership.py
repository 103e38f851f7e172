"""Every table stands in the database that owns it, and in no other; so do the records of migrations."""

import pytest
from django.apps import apps
from django.db import connections, transaction
from django.db.backends.utils import CursorWrapper
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from apps.core.schema.owned import database_aliases
from ecommerce.routers import OWNER, owner_of

ALIASES = database_aliases()
pytestmark = pytest.mark.committed(databases=ALIASES)

TABLES = """
SELECT c.relname
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'f') AND NOT c.relispartition
    AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'
"""


def tables_in(cursor: CursorWrapper) -> set[str]:
    """The tables of a database in any schema; a partition is a part of its table."""
    cursor.execute(TABLES)
    return {name for (name,) in cursor.fetchall()}


def owned_tables(alias: str) -> set[str]:
    """The tables of the models whose app a database owns, and Django's record of migrations."""
    models = apps.get_models(include_auto_created=True)
    owned = {model._meta.db_table for model in models if owner_of(model._meta.app_label) == alias}
    return owned | {MigrationRecorder.Migration._meta.db_table}


class TestOwner:
    def test_is_named_for_every_app_with_tables_and_for_no_other(self) -> None:
        assert set(OWNER) == {app.label for app in apps.get_app_configs() if any(app.get_models())}

    def test_is_one_of_the_databases(self) -> None:
        assert set(OWNER.values()) == set(ALIASES)


class TestDatabase:
    @pytest.mark.parametrize("alias", ALIASES)
    def test_holds_the_tables_it_owns_and_no_other(self, alias: str) -> None:
        with connections[alias].cursor() as cursor:
            assert tables_in(cursor) == owned_tables(alias)

    @pytest.mark.parametrize("schema", ["public", "hidden"])
    def test_is_caught_with_a_foreign_table(self, schema: str) -> None:
        with transaction.atomic(using="payments"), connections["payments"].cursor() as cursor:
            cursor.execute(f"CREATE SCHEMA IF NOT EXISTS {schema}; CREATE TABLE {schema}.orders (id uuid)")
            tables = tables_in(cursor)
            transaction.set_rollback(True, using="payments")

        assert tables - owned_tables("payments") == {"orders"}

    @pytest.mark.parametrize("alias", ALIASES)
    def test_records_the_migrations_of_its_own_apps_and_all_of_them(self, alias: str) -> None:
        written = MigrationLoader(None).disk_migrations

        recorded = set(MigrationRecorder(connections[alias]).applied_migrations())

        assert recorded == {(app, name) for app, name in written if owner_of(app) == alias}

    @pytest.mark.parametrize("alias", ALIASES)
    def test_tells_its_history_under_its_own_name(self, alias: str) -> None:
        with connections[alias].cursor() as cursor:
            cursor.execute("SELECT DISTINCT service_name FROM migration_history")

            assert cursor.fetchall() == [(alias,)]
