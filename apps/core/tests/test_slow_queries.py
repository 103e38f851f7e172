from typing import Any

import pytest
from django.core.cache import cache
from django.db import connections, transaction
from prometheus_client import REGISTRY

from apps.core.metrics import slow
from apps.core.metrics.slow import Seen, Slow, slow_since
from apps.core.metrics.tables import table_of
from apps.core.tasks import count_slow_queries

TABLES = frozenset(("orders", "order_line_items", "saga_events", "saga_transactions", "categories"))


class TestSlowSince:
    def test_counts_every_run_of_what_was_slow_on_the_whole(self):
        before, now = {1: Seen("q", 10, 1_000, 1_100)}, {1: Seen("q", 13, 7_000, 3_000)}

        assert slow_since(before, now) == [Slow("q", 3, 2_000)]

    def test_counts_one_run_when_only_the_maximum_rose(self):
        before, now = {1: Seen("q", 10, 1_000, 1_100)}, {1: Seen("q", 1_010, 4_000, 3_000)}

        assert slow_since(before, now) == [Slow("q", 1, 3_000)]

    def test_leaves_out_what_was_fast_since(self):
        before, now = {1: Seen("q", 10, 20_000, 3_000)}, {1: Seen("q", 1_010, 21_000, 3_000)}

        assert slow_since(before, now) == []

    def test_leaves_out_what_did_not_run(self):
        seen = {1: Seen("q", 10, 20_000, 3_000)}

        assert slow_since(seen, seen) == []

    def test_takes_what_is_new_as_new(self):
        assert slow_since({}, {1: Seen("q", 2, 4_000, 3_000), 2: Seen("r", 90, 3_000, 2_000)}) == [
            Slow("q", 2, 2_000),
            Slow("r", 1, 2_000),
        ]

    def test_begins_anew_after_a_reset(self):
        before, now = {1: Seen("q", 500, 900_000, 9_000)}, {1: Seen("q", 1, 1_500, 1_500)}

        assert slow_since(before, now) == [Slow("q", 1, 1_500)]


class TestTableOf:
    @pytest.mark.parametrize(
        ("query", "table"),
        [
            ('SELECT "orders"."id" FROM "orders" INNER JOIN "order_line_items" ON (true) WHERE a = $1', "orders"),
            ("SELECT (SELECT 1 FROM order_line_items LIMIT $1) FROM orders", "orders"),
            ("SELECT count(*) FROM (SELECT $1 FROM orders) q", "orders"),
            ("SELECT f($1,$2,$3) FROM orders WHERE a @@ websearch_to_tsquery($4,$5)", "orders"),
            ("INSERT INTO orders (id) SELECT id FROM saga_events RETURNING id", "orders"),
            ("UPDATE orders SET a = $1 FROM saga_events e WHERE e.id = orders.id", "orders"),
            ("DELETE FROM only orders WHERE id IN ($1 /*, ... */)", "orders"),
            (
                "WITH due AS (SELECT id FROM saga_events) UPDATE saga_transactions s SET a = 1 FROM due",
                "saga_transactions",
            ),
            (
                "WITH moved AS (UPDATE saga_transactions SET a = $1 RETURNING id), told AS (INSERT INTO saga_events "
                "SELECT id FROM moved) SELECT id FROM moved",
                "saga_transactions",
            ),
            (
                "WITH RECURSIVE t(a) AS (SELECT a FROM categories UNION ALL SELECT a FROM t) SELECT * FROM t",
                "categories",
            ),
            ("SELECT pg_sleep($1)", "other"),
            ("SELECT * FROM pg_class", "other"),
            ("SELECT * FROM somewhere_else", "other"),
            ("VACUUM orders", "other"),
            ("SELECT 'orders' ; DROP", "other"),
            ("not SQL at all", "other"),
            ("<insufficient privilege>", "other"),
        ],
    )
    def test_finds(self, query, table):
        assert table_of(query, TABLES) == table


def slow_count(table: str) -> float:
    labels = {"service": "accounts", "table": table}
    return REGISTRY.get_sample_value("database_slow_queries_total", labels) or 0


def execute(sql: str) -> list[tuple[Any, ...]]:
    with connections["accounts"].cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall() if cursor.description else []


@pytest.mark.committed(databases=["accounts"])
class TestCount:
    @pytest.fixture(autouse=True)
    def first_look(self) -> None:
        cache.delete("slow-queries:accounts")
        execute("CREATE EXTENSION IF NOT EXISTS pg_stat_statements")

    def test_counts_a_slow_statement_once_under_its_table(self):
        slow.count("accounts")
        before = slow_count("auth_group")
        execute("SELECT (SELECT pg_sleep(1.05)), count(*) FROM auth_group")

        assert slow.count("accounts") == 1
        assert slow_count("auth_group") == before + 1
        assert slow.count("accounts") == 0
        assert slow_count("auth_group") == before + 1

    def test_counts_nothing_at_the_first_look(self):
        execute("SELECT pg_sleep(1.05) AS long_ago")

        assert slow.count("accounts") == 0

    def test_goes_without_the_extension(self):
        with transaction.atomic(using="accounts"):
            # As if it were not there.
            execute("SET LOCAL search_path = pg_catalog")

            assert slow.count("accounts") == 0


@pytest.mark.committed(databases=["accounts", "catalog", "orders", "payments", "notifications"])
class TestTask:
    def test_looks_at_every_database(self):
        cache.delete_many(keys := [f"slow-queries:{alias}" for alias in ("accounts", "catalog", "orders")])

        count_slow_queries()

        assert set(cache.get_many(keys)) == set(keys)
