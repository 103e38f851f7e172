"""Finished sagas move to an archive, and a subject starts once all the same."""

from pathlib import Path

import django.contrib.postgres.functions
import django.db.models.functions.datetime
from django.db import migrations, models

from apps.core.sql import RunSQLFile

SQL = Path(__file__).parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("sagas", "0007_the_first_failure_of_a_step")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[RunSQLFile(SQL, "0008_saga_starts_once")],
            state_operations=[
                migrations.CreateModel(
                    name="SagaSubject",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "definition",
                                "subject_id",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("definition", models.CharField(max_length=100)),
                        ("subject_id", models.UUIDField()),
                        ("saga_id", models.UUIDField()),
                    ],
                    options={
                        "db_table": "saga_subjects",
                    },
                ),
                migrations.CreateModel(
                    name="ArchivedSaga",
                    fields=[
                        (
                            "created_at",
                            models.DateTimeField(
                                db_default=django.contrib.postgres.functions.TransactionNow(), editable=False
                            ),
                        ),
                        (
                            "updated_at",
                            models.DateTimeField(
                                db_default=django.contrib.postgres.functions.TransactionNow(), editable=False
                            ),
                        ),
                        ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                        ("definition", models.CharField(max_length=100)),
                        ("version", models.SmallIntegerField()),
                        ("subject_id", models.UUIDField()),
                        ("order_id", models.UUIDField()),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("active", "active"),
                                    ("completed", "completed"),
                                    ("compensating", "compensating"),
                                    ("failed", "failed"),
                                ],
                                max_length=20,
                            ),
                        ),
                        (
                            "hold",
                            models.CharField(
                                blank=True,
                                choices=[("paused", "paused"), ("dead_letter", "dead_letter")],
                                max_length=20,
                                null=True,
                            ),
                        ),
                        ("step", models.SmallIntegerField()),
                        (
                            "direction",
                            models.CharField(choices=[("forward", "forward"), ("backward", "backward")], max_length=10),
                        ),
                        ("lane", models.CharField(max_length=50)),
                        ("states", models.JSONField()),
                        ("effects_open", models.SmallIntegerField()),
                        (
                            "attempt",
                            models.IntegerField(db_default=0, help_text="claims of this step that ended in no answer"),
                        ),
                        (
                            "failures",
                            models.IntegerField(
                                db_default=0, help_text="answers of this step that were technical failures"
                            ),
                        ),
                        (
                            "failing_since",
                            models.DateTimeField(
                                blank=True, help_text="the first failure of the current step", null=True
                            ),
                        ),
                        ("epoch", models.IntegerField(db_default=0)),
                        ("due_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ("lease", models.UUIDField(blank=True, null=True)),
                        ("seq", models.IntegerField(help_text="the number of the last event")),
                        ("data", models.JSONField()),
                        ("cause", models.JSONField(blank=True, help_text="why it turned back", null=True)),
                        (
                            "error",
                            models.TextField(
                                blank=True, help_text="the last technical failure of the current step", null=True
                            ),
                        ),
                        ("deadline_at", models.DateTimeField(blank=True, null=True)),
                        ("trace_id", models.CharField(blank=True, max_length=64, null=True)),
                        ("finished_at", models.DateTimeField(blank=True, null=True)),
                        ("archived_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    ],
                    options={
                        "db_table": "saga_archive",
                        "indexes": [
                            models.Index(fields=["order_id"], name="idx_saga_archive_order"),
                            models.Index(fields=["status", "id"], name="idx_saga_archive_status"),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("finished_at__isnull", False), ("status__in", ["completed", "failed"])
                                ),
                                name="archived_saga_has_ended",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("status", "failed"), _negated=True), ("effects_open", 0), _connector="OR"
                                ),
                                name="archived_failure_has_no_open_effect",
                            ),
                        ],
                    },
                ),
            ],
        ),
    ]
