"""
What sagas that finished long ago cost the living: the same backlog is drained beside none of them, beside a million in
the archive, with their histories, beside the same while an inbox forgets a tenth of them, and beside a million that
nobody archived.

The finished ones are copies of one that was really drained, spread over a year of births.
"""

import json
import shutil
import statistics
import tempfile
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import connections, transaction

from apps.core import clock
from apps.core.pools import close_connections
from apps.sagas import retention
from apps.sagas.orchestrator import claim
from ecommerce.testing.orders import place_orders
from ecommerce.testing.shop import make_variants

from .drain import drain_by_workers, gateway

TIMED_CLAIMS = 50
DRAINS = 3
FLUSH_SECONDS = 20
MONTHS = 12
# The ids and times of copies, the oldest first, so that indexes grow at their ends.
BIRTHS = """
CREATE TEMPORARY TABLE births AS
SELECT (lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0') || '7' || substr(md5(i::text), 1, 3) || '8'
    || substr(md5(i::text), 4, 15))::uuid AS id, at
FROM (
    SELECT i, now() - interval '2 days' - interval '1 year' * (1 - i / %(count)s::float8) AS at
    FROM generate_series(1, %(count)s) AS i
) AS birth
"""
FINISHED = """
INSERT INTO {table}
SELECT copied.*
FROM births b
CROSS JOIN LATERAL jsonb_populate_record(
    null::{table},
    %(template)s::jsonb || jsonb_build_object(
        'id', b.id, 'subject_id', b.id, 'order_id', b.id, 'created_at', b.at, 'updated_at', b.at, 'finished_at', b.at,
        'due_at', b.at, 'archived_at', b.at
    )
) AS copied
"""
EVENTS = """
INSERT INTO saga_events
SELECT b.id, e.seq, e.kind, e.step, e.direction, e.attempt, e.actor, e.data, b.at
FROM births b
CROSS JOIN jsonb_populate_recordset(null::saga_events, %(template)s::jsonb) AS e
"""
INBOX = """
INSERT INTO saga_inbox (saga_id, step, direction, outcome, reply, request_hash)
SELECT id, step, 'forward', 'replied', '{"data": {}, "type": "Done"}', sha256(step::bytea)
FROM unnest(%(ids)s::uuid[]) AS id,
    unnest(ARRAY['validate_products', 'reserve_inventory', 'commit_inventory']) AS step
"""
SUBJECTS = "INSERT INTO saga_subjects SELECT 'order_processing', id, id FROM births"


def run(*, orders: int, workers: int, archived: int) -> None:
    """Print what each drain made, how long a claim takes before it, and what it leaves behind."""
    folder = Path(tempfile.mkdtemp(prefix="bench-"))
    try:
        call_command("migrate", verbosity=0)
        backlog = _chosen(orders)
        lines = [_measured("none", backlog, workers, folder)]
        saga, events = _template()
        _fill("saga_archive", saga, events, archived)
        lines.append(_measured(f"{archived:,} archived", backlog, workers, folder))
        _fill_inbox(archived // 10)
        lines.append(_measured("and being forgotten", backlog, workers, folder, beside=_forget))
        _fill("saga_transactions", saga, events, archived)
        lines.append(_measured(f"and {archived:,} left", backlog, workers, folder))
    finally:
        close_connections()
        shutil.rmtree(folder)
    print(
        f"\n{'finished long ago':22}{'orders/s, three times':>24}{'claim, ms':>11}{'p95':>7}{'dead rows':>11}{'MB':>8}"
    )
    print("\n".join(lines))


def _chosen(orders: int) -> list[Any]:
    variants = make_variants(stock=1_000_000, products=500)
    return [[variants[i % len(variants)]] for i in range(orders)]


def _measured(
    name: str, backlog: list[Any], workers: int, folder: Path, *, beside: Callable[[], None] | None = None
) -> str:
    """Place a backlog and drain it, three times; the machine has other work, and writes down what was filled in."""
    claims: list[float] = []
    rates: list[str] = []
    for drain in range(DRAINS):
        place_orders(backlog)
        with gateway(folder, f"{name}-{drain}"):
            claims += [_timed_claim() for _ in range(TIMED_CLAIMS)]
            other = threading.Thread(target=beside)
            other.start()
            rates.append(f"{drain_by_workers(len(backlog), workers, folder):.0f}")
            other.join()
    dead, size = _left_behind()
    median, tail = statistics.median(claims) * 1000, sorted(claims)[int(len(claims) * 0.95)] * 1000
    return f"{name:22}{' '.join(rates):>24}{median:11.2f}{tail:7.2f}{dead:11,}{size / 2**20:8.0f}"


def _timed_claim() -> float:
    """Claim a batch, and take it back."""
    with transaction.atomic(using="orders"):
        started = time.perf_counter()
        assert claim("catalog", limit=100, lease_seconds=30)
        seconds = time.perf_counter() - started
        transaction.set_rollback(True, using="orders")
    return seconds


def _forget() -> None:
    """Forget in the catalogue's inbox whatever may be forgotten, and say how fast that goes."""
    now, started = clock.now(), time.monotonic()
    forgotten = retention.forget_inbox(
        using="catalog", finished_before=now - timedelta(days=30), born_before=retention.oldest_kept(now, MONTHS + 1)
    )
    seconds = time.monotonic() - started
    connections.close_all()
    if forgotten:
        print(f"forgot {forgotten:,} sagas' inbox entries in {seconds:.1f} s: {forgotten * 3 / seconds:,.0f} rows/s")


def _left_behind() -> tuple[int, int]:
    """Return the dead tuples of the table that workers look through, and its size with its indexes."""
    time.sleep(1.5)  # Sessions tell their numbers once a second.
    with connections["orders"].cursor() as cursor:
        cursor.execute(
            "SELECT n_dead_tup, pg_total_relation_size(relid) FROM pg_stat_user_tables"
            " WHERE relname = 'saga_transactions'"
        )
        dead, size = cursor.fetchone()
        return int(dead), int(size)


def _template() -> tuple[str, str]:
    """Return one saga that was drained, and its events, as JSON."""
    with connections["orders"].cursor() as cursor:
        cursor.execute("SELECT to_jsonb(s), s.id FROM saga_transactions s WHERE status = 'completed' LIMIT 1")
        saga, saga_id = cursor.fetchone()
        cursor.execute("SELECT jsonb_agg(to_jsonb(e) ORDER BY seq) FROM saga_events e WHERE saga_id = %s", [saga_id])
        (events,) = cursor.fetchone()
    return _text(saga), _text(events)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _fill_inbox(count: int) -> None:
    """Put what the catalogue did for some of the archived sagas, the oldest, into its inbox."""
    with connections["orders"].cursor() as cursor:
        cursor.execute("SELECT id FROM saga_archive ORDER BY id LIMIT %s", [count])
        ids = [saga_id for (saga_id,) in cursor.fetchall()]
    with connections["catalog"].cursor() as cursor:
        cursor.execute(INBOX, {"ids": ids})
        cursor.execute("VACUUM ANALYZE saga_inbox")


def _fill(table: str, saga: str, events: str, count: int) -> None:
    """Put copies of a finished saga into a table, with their histories."""
    started, year_ago = time.monotonic(), clock.now() - timedelta(days=366)
    retention.ensure_months(first=year_ago.date(), months=MONTHS + 2)
    with transaction.atomic(using="orders"), connections["orders"].cursor() as cursor:
        cursor.execute(BIRTHS, {"count": count})
        cursor.execute(FINISHED.format(table=table), {"template": saga})
        if table == "saga_archive":
            cursor.execute(EVENTS, {"template": events})
            cursor.execute(SUBJECTS)
        cursor.execute("DROP TABLE births")
    with connections["orders"].cursor() as cursor:
        for name in (table, "saga_events", "saga_subjects"):
            cursor.execute(f"VACUUM ANALYZE {name}")
    time.sleep(FLUSH_SECONDS)
    print(f"{count:,} finished sagas put into {table} in {time.monotonic() - started:.0f} s")
