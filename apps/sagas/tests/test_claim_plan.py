"""However many sagas have finished, a claim looks at those that are due alone."""

import json
from uuid import uuid4

import pytest
from django.db import connections, transaction

from apps.core.sql import query
from apps.sagas.orchestrator import SQL

pytestmark = pytest.mark.committed(databases=["orders"])

FINISHED, WAITING, DUE = 20_000, 2_000, 200
ROWS = """
INSERT INTO saga_transactions (
    id, definition, version, subject_id, order_id, status, step, direction, lane, states, effects_open, seq, data,
    due_at, attempt, finished_at
)
SELECT gen_random_uuid(), 'serve_tea', 1, gen_random_uuid(), gen_random_uuid(), %(status)s, 1, 'forward', 'kitchen',
    '[]', 0, 1, '{}', clock_timestamp() + %(due_in)s * interval '1 second', %(attempt)s,
    CASE WHEN %(status)s = 'completed' THEN clock_timestamp() END
FROM generate_series(1, %(count)s)
"""


def put(cursor, count, *, status="active", due_in=-60, attempt=0):
    cursor.execute(ROWS, {"count": count, "status": status, "due_in": due_in, "attempt": attempt})


def explained(cursor, **options):
    """Return the nodes of the plan of a claim that was really made."""
    cursor.execute(
        "EXPLAIN (ANALYZE, FORMAT JSON, TIMING OFF) " + query(SQL, "claim"),
        {
            "lane": "kitchen",
            "definitions": ["serve_tea", "order_processing"],
            "versions": [1, 1],
            "limit": 100,
            "lease": uuid4(),
            "lease_seconds": 30,
        }
        | options,
    )
    (told,) = cursor.fetchone()
    plan = told if isinstance(told, list) else json.loads(told)
    return list(nodes(plan[0]["Plan"]))


def nodes(plan):
    yield plan
    for child in plan.get("Plans", []):
        yield from nodes(child)


def looked_at(found):
    """Return how each look into the table of sagas went: by which index, and how many rows it met."""
    return {
        node.get("Index Name", node["Node Type"]): node["Actual Rows"] + node.get("Rows Removed by Filter", 0)
        for node in found
        if node["Node Type"].endswith("Scan") and node.get("Relation Name") == "saga_transactions"
    }


@pytest.fixture
def cursor():
    """Many sagas that finished, some that wait, few that are due; and nothing of it afterwards."""
    with transaction.atomic(using="orders"), connections["orders"].cursor() as cursor:
        put(cursor, FINISHED, status="completed")
        put(cursor, WAITING, due_in=3600)
        put(cursor, DUE)
        cursor.execute("ANALYZE saga_transactions")
        yield cursor
        transaction.set_rollback(True, using="orders")


class TestClaim:
    def test_finds_what_is_due_by_the_index_of_what_is_due(self, cursor):
        found = looked_at(explained(cursor))

        assert set(found) == {
            "idx_saga_transactions_due",
            "idx_saga_transactions_suspect",
            "saga_transactions_pkey",
        }
        # It stops at its hundred: what waits and what has finished is not looked at.
        assert found["idx_saga_transactions_due"] <= 101
        assert found["idx_saga_transactions_suspect"] == 0

    def test_finds_a_suspect_by_the_index_of_suspects(self, cursor):
        put(cursor, 1, attempt=2)

        found = looked_at(explained(cursor))

        assert found["idx_saga_transactions_suspect"] == 1
        assert found.get("idx_saga_transactions_due", 0) == 0
