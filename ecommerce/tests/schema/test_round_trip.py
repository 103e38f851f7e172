"""Every migration can be undone, and undoes all that it did; after the way down and up again nothing differs."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations import Migration

from apps.core.schema.history import ensure_view
from apps.core.schema.owned import OwnedExecutor, database_aliases

from .declarations import declared
from .snapshots import Snapshot, differences, found_in

ALIASES = database_aliases()
pytestmark = pytest.mark.committed(databases=ALIASES)


@contextmanager
def own_database(alias: str) -> Iterator[BaseDatabaseWrapper]:
    """An empty database of this test's own, in the place of the alias's test database."""
    usual = connections[alias]
    own = usual.copy()
    own.settings_dict["NAME"] = f"{usual.settings_dict['NAME']}_round_trip"
    own.settings_dict["OPTIONS"]["pool"] = False
    name = own.ops.quote_name(own.settings_dict["NAME"])
    with usual._nodb_cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {name}")
        cursor.execute(f"CREATE DATABASE {name}")
    # Migrations that write rows ask for the connection by its alias.
    connections[alias] = own
    try:
        yield own
    finally:
        connections[alias] = usual
        own.close()
        with usual._nodb_cursor() as cursor:
            cursor.execute(f"DROP DATABASE {name}")


class Journey:
    """Migrations of one database, run one by one, with what stood in the database after each."""

    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        self.connection = connection
        self.noted: list[Snapshot] = []

    def note(self, action: str, migration: Migration | None = None, fake: bool = False) -> None:
        """Note what stands now; Django calls this around every migration."""
        if action in {"apply_success", "unapply_success"}:
            self.noted.append(found_in(self.connection))

    def up(self) -> list[Migration]:
        """Run all migrations forwards, and return them in the order in which they ran."""
        executor = OwnedExecutor(self.connection, self.note)
        targets = executor.loader.graph.leaf_nodes()
        plan = executor.migration_plan(targets)
        executor.migrate(targets, plan)
        return [migration for migration, _ in plan]

    def down(self, migrations: Sequence[Migration]) -> None:
        """Run the migrations backwards, last first."""
        executor = OwnedExecutor(self.connection, self.note)
        executor.migrate([], [(migration, True) for migration in reversed(migrations)])

    def up_and_down(self) -> dict[str, list[str]]:
        """Run all migrations forwards and backwards; return, by migration, what was not as before it once undone."""
        before = [found_in(self.connection)]
        migrations = self.up()
        before += self.noted[:-1]
        self.noted.clear()
        self.down(migrations)
        undone = reversed(self.noted)
        left = {
            str(migration): differences(stood, stands)
            for migration, stood, stands in zip(migrations, before, undone, strict=True)
        }
        return {migration: lines for migration, lines in left.items() if lines}


def make_record(connection: BaseDatabaseWrapper) -> None:
    """Make what stands in a database before its first migration: the record of migrations, and the view of it."""
    OwnedExecutor(connection).recorder.ensure_schema()
    ensure_view(connection)


def forget_an_index(execute: Callable[..., Any], sql: Any, *arguments: Any) -> Any:
    """Run every statement but the one that drops an index."""
    forgotten = str(sql).strip() == "DROP INDEX idx_order_line_items_product_id;"
    return execute("SELECT" if forgotten else sql, *arguments)


class TestMigrations:
    @pytest.mark.parametrize("alias", ALIASES)
    def test_go_down_to_nothing_step_by_step_and_up_again(self, alias: str) -> None:
        with own_database(alias) as connection:
            make_record(connection)
            nothing = found_in(connection)

            left = Journey(connection).up_and_down()
            bare = found_in(connection)
            Journey(connection).up()
            again = found_in(connection)

        assert left == {}
        assert [name for name in bare if name.startswith(("table", "view"))] == [
            "table django_migrations",
            "view migration_history",
        ]
        assert differences(nothing, bare) == []
        assert differences(declared(alias), again) == []

    def test_are_caught_leaving_something_behind_that_goes_later(self) -> None:
        with own_database("orders") as connection:
            make_record(connection)

            with connection.execute_wrapper(forget_an_index):
                left = Journey(connection).up_and_down()

        index = "CREATE INDEX idx_order_line_items_product_id ON order_line_items USING btree (product_id)"
        assert left == {"orders.0002_rules": [f"extra: index idx_order_line_items_product_id, found as: {index}"]}
