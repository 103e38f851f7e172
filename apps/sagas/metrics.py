"""What the sagas and the outboxes tell Prometheus, read from their tables at each scrape."""

from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import router

from apps.core.database.series import service_of
from apps.core.metrics.readings import read
from apps.core.sql import query

from .models import OutboxEvent, SagaTransaction
from .registry import SAGAS

SQL = Path(__file__).parent / "sql"
HOME = router.db_for_read(SagaTransaction)

read(
    "saga_oldest_due_seconds",
    "How long the oldest due saga of a lane has waited for a worker; 0 when none waits",
    query(SQL, "metrics_oldest_due"),
    using=HOME,
    labels=["lane"],
    parameters=[list(settings.LANES)],
)
read(
    "saga_transactions",
    "Sagas by state: every unfinished one, and of the finished those begun within a day",
    query(SQL, "metrics_transactions"),
    using=HOME,
    labels=["definition", "status"],
)
read(
    "saga_held",
    "Sagas set aside until a person acts, by reason",
    query(SQL, "metrics_held"),
    using=HOME,
    labels=["hold"],
)
read(
    "saga_open_dead_letters",
    "Steps that spent their tries, by step and direction",
    query(SQL, "metrics_dead_letters"),
    using=HOME,
    labels=["step", "direction"],
)
read(
    "saga_oldest_dead_letter_seconds",
    "How long ago the oldest of them spent its tries, by step and direction",
    query(SQL, "metrics_oldest_dead_letters"),
    using=HOME,
    labels=["step", "direction"],
)
read(
    "saga_unconsumed_requests",
    "What people asked of sagas and no worker has answered yet",
    query(SQL, "metrics_requests"),
    using=HOME,
)
read(
    "saga_unknown_outcomes",
    "Sagas whose current step may or may not have had its effect, by lane",
    query(SQL, "metrics_unknown"),
    using=HOME,
    labels=["lane"],
)
read(
    "invariant_violations",
    "What breaks an invariant, as far as the auditor has found; 0 where nothing does",
    query(SQL, "metrics_invariants"),
    using=HOME,
    labels=["invariant"],
    parameters=[[f"I{number}" for number in range(1, 15)]],
)
read(
    "audit_age_seconds",
    "How long ago the check that was left behind furthest was last asked",
    query(SQL, "metrics_audited"),
    using=HOME,
)
read(
    "audit_behind_seconds",
    "How old the oldest is that is new and was not judged yet by every check; as long as the lag where nothing waits",
    query(SQL, "metrics_audit_behind"),
    using=HOME,
    labels=["subject"],
)
read(
    "audit_round_seconds",
    "How long ago the last whole round over everything began, by the check that is behind furthest",
    query(SQL, "metrics_audit_rounds"),
    using=HOME,
    labels=["subject", "source"],
)
read(
    "saga_database_time_seconds",
    "The clock by which sagas come due, as seconds since 1970",
    query(SQL, "metrics_clock"),
    using=HOME,
)
read(
    "saga_unregistered",
    "Living sagas of a version that the process which tells this does not have",
    query(SQL, "metrics_unregistered"),
    using=HOME,
    labels=["definition", "version"],
    parameters=lambda: [list(column) for column in zip(*SAGAS, strict=True)] or [[], []],
)
read(
    "saga_default_partition_rows",
    "Rows in the partition for months that have none; there should be none",
    query(SQL, "metrics_homeless"),
    using=HOME,
    labels=["parent"],
)
read(
    "saga_months_ahead",
    "Months to come that have their partition",
    query(SQL, "metrics_months_ahead"),
    using=HOME,
    labels=["parent"],
)
read(
    "saga_months_overdue",
    "Months older than SAGA_HISTORY_MONTHS that could not be dropped",
    query(SQL, "metrics_months_overdue"),
    using=HOME,
    labels=["parent"],
    parameters=[settings.SAGA_HISTORY_MONTHS],
)
for outbox in apps.get_models():
    if issubclass(outbox, OutboxEvent):
        alias = router.db_for_read(outbox)
        read(
            "outbox_unpublished",
            "Events that wait to be published",
            query(SQL, "metrics_outbox_unpublished"),
            using=alias,
            service=service_of(alias),
        )
        read(
            "outbox_lag_seconds",
            "Age of the oldest event that waits to be published; 0 when none waits",
            query(SQL, "metrics_outbox_lag"),
            using=alias,
            service=service_of(alias),
        )
