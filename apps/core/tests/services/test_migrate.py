"""`manage.py migrate` on five databases of its own, as an operator runs it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from django.apps import apps
from django.conf import settings
from django.db import router

from apps.core.schema.lock import LOCK_ID
from apps.core.schema.owned import database_aliases
from apps.core.services import processes
from apps.core.services.addresses import Checkout, broker_url, database_url, database_variable, redis_url

from .conftest import servers_of


@pytest.fixture
def checkout(shared_checkout: Checkout) -> Checkout:
    servers_of(shared_checkout).start()
    return shared_checkout


@pytest.fixture
def environment(checkout: Checkout) -> dict[str, str]:
    addresses = {database_variable(alias): database_url(alias, checkout=checkout) for alias in database_aliases()}
    others = {"REDIS_URL": redis_url(checkout=checkout), "CELERY_BROKER_URL": broker_url(checkout=checkout)}
    return os.environ | addresses | others | {"DJANGO_SETTINGS_MODULE": "ecommerce.settings.test"}


def start(environment: dict[str, str], *arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "manage.py", *arguments]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, env=environment, cwd=settings.BASE_DIR, stdout=pipe, stderr=pipe, text=True)


def manage(environment: dict[str, str], *arguments: str) -> tuple[int, str, str]:
    with start(environment, *arguments) as process:
        printed, complaints = process.communicate(timeout=60)
    return process.returncode, printed, complaints


def table(printed: str) -> dict[str, list[str]]:
    """The rows of the table at the end: database -> applied, pending, seconds, reason."""
    rows = [line.split(maxsplit=4) for line in printed.splitlines()]
    return {row[0]: row[1:] for row in rows if row and row[0] in database_aliases()}


def tables_in(checkout: Checkout, alias: str) -> set[str]:
    with psycopg.connect(checkout.database_url(alias)) as connection:
        rows = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
    return {name for (name,) in rows}


class TestMigrate:
    def test_does_the_others_when_one_database_is_down(self, environment: dict[str, str]) -> None:
        down = environment | {"ORDERS_DATABASE_URL": "postgresql://orders@/orders?host=/nowhere"}

        code, printed, complaints = manage(down, "migrate")

        rows = table(printed)
        assert code == 1
        assert {alias: rows[alias][1] for alias in rows} == {
            "accounts": "0",
            "catalog": "0",
            "orders": "?",
            "payments": "0",
            "notifications": "0",
        }
        assert rows["orders"][0] == "0"
        assert "No such file or directory" in rows["orders"][3]
        assert complaints.startswith("CommandError: Not migrated: orders (")
        assert len(complaints.splitlines()) == 1

    def test_finishes_what_was_left(self, environment: dict[str, str]) -> None:
        code, printed, complaints = manage(environment, "migrate")

        rows = table(printed)
        assert (code, complaints) == (0, "")
        assert int(rows["orders"][0]) > 0
        assert [row[1] for row in rows.values()] == ["0"] * 5

    def test_makes_tables_only_where_they_are_owned(self, checkout: Checkout) -> None:
        tables: dict[str, set[str]] = {alias: {"django_migrations"} for alias in database_aliases()}
        for model in apps.get_models(include_auto_created=True):
            if model._meta.managed and not model._meta.proxy:
                tables[router.db_for_write(model)].add(model._meta.db_table)

        for alias in database_aliases():
            foreign = set().union(*(names for other, names in tables.items() if other != alias)) - tables[alias]
            found = tables_in(checkout, alias)
            assert tables[alias] - found == set()
            assert foreign & found == set()

    def test_records_only_the_migrations_of_the_owned_apps(self, checkout: Checkout) -> None:
        for alias in database_aliases():
            with psycopg.connect(checkout.database_url(alias)) as connection:
                recorded = {app for (app,) in connection.execute("SELECT DISTINCT app FROM django_migrations")}

            assert recorded == {app for app in recorded if router.allow_migrate(alias, app)}

    def test_finds_nothing_to_do_again(self, environment: dict[str, str]) -> None:
        code, printed, _ = manage(environment, "migrate")

        assert code == 0
        assert [row[:2] for row in table(printed).values()] == [["0", "0"]] * 5

    def test_goes_to_the_owner_of_an_app(self, environment: dict[str, str]) -> None:
        code, printed, _ = manage(environment, "migrate", "sagas")

        assert code == 0
        assert list(table(printed)) == ["orders"]

    def test_refuses_an_app_that_nobody_owns(self, environment: dict[str, str]) -> None:
        code, _, complaints = manage(environment, "migrate", "shipping")

        assert code == 1
        assert complaints == (
            "CommandError: no database owns the app 'shipping': add it to OWNER in ecommerce/routers.py\n"
        )

    def test_waits_for_another_migration_of_the_same_database(
        self, environment: dict[str, str], checkout: Checkout
    ) -> None:
        with psycopg.connect(checkout.database_url("catalog")) as other:
            other.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK_ID])
            with start(environment, "migrate", "--database", "catalog") as process:
                waits = processes.wait_until(lambda: somebody_waits(checkout), within_seconds=20)
                ended_early = process.poll() is not None
                other.rollback()
                printed, _ = process.communicate(timeout=60)

        assert waits
        assert not ended_early
        assert process.returncode == 0
        assert table(printed)["catalog"][:2] == ["0", "0"]


def somebody_waits(checkout: Checkout) -> bool:
    with psycopg.connect(checkout.database_url("catalog")) as connection:
        waiting = connection.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
        return waiting.fetchone() == (1,)


class TestMigrations:
    def test_status_counts_what_each_database_has(self, environment: dict[str, str]) -> None:
        code, printed, _ = manage(environment, "migrations", "status", "--json")

        states = json.loads(printed)
        assert code == 0
        assert [state["database"] for state in states] == database_aliases()
        assert all(state["pending"] == [] and state["applied"] > 0 for state in states)

    def test_history_tells_where_and_when_each_file_was_applied(self, environment: dict[str, str]) -> None:
        _, printed, _ = manage(environment, "migrations", "history", "--json")

        history = json.loads(printed)
        assert sorted(history, key=lambda applied: applied["executed_at"]) == history
        first = next(applied for applied in history if applied["migration_id"] == "catalog.0001_initial")
        assert (first["service_name"], first["file_name"]) == ("catalog", "0001_initial.py")
        assert (Path(settings.BASE_DIR) / "apps/catalog/migrations" / first["file_name"]).exists()

    def test_plan_names_what_would_run(self, environment: dict[str, str]) -> None:
        manage(environment, "migrate", "notifications", "zero")

        _, printed, _ = manage(environment, "migrations", "plan", "--json")
        manage(environment, "migrate", "--database", "notifications")

        planned = json.loads(printed)
        assert {step["database"] for step in planned} == {"notifications"}
        assert planned[0]["migration"] == "notifications.0001_initial"
        assert planned[0]["operations"] != []

    def test_status_tells_which_database_could_not_be_asked(self, environment: dict[str, str]) -> None:
        down = environment | {"CATALOG_DATABASE_URL": "postgresql://catalog@/catalog?host=/nowhere"}

        code, printed, complaints = manage(down, "migrations", "status", "--json")

        assert code == 1
        assert [state["database"] for state in json.loads(printed) if state["error"]] == ["catalog"]
        assert complaints.startswith("CommandError: Not asked: catalog (")
