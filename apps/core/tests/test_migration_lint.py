from typing import ClassVar

import pytest
from django.contrib.postgres.operations import AddConstraintNotValid, AddIndexConcurrently, ValidateConstraint
from django.db import models
from django.db.migrations import Migration, operations
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

from apps.core.schema.lint import dangers_of

LAMP = operations.CreateModel(
    "Lamp",
    [
        ("id", models.UUIDField(primary_key=True)),
        ("name", models.CharField(max_length=50)),
        ("watts", models.IntegerField(null=True)),
    ],
)
BRIGHT = models.CheckConstraint(condition=models.Q(watts__gt=0), name="lamps_are_bright")
ONE_NAME = models.UniqueConstraint(fields=["name"], name="one_name")


def migration_of(*given: Operation, **attributes: str) -> Migration:
    migration = type("Changes", (Migration,), {"operations": list(given), **attributes})
    return migration("0002_changes", "catalog")


def judge(*given: Operation, **attributes: str) -> list[str]:
    """What is wrong with operations on the table of lamps, which is in use."""
    state = ProjectState()
    LAMP.state_forwards("catalog", state)
    return [danger.why for danger in dangers_of(migration_of(*given, **attributes), state, fresh=set())]


class TestLint:
    harmless: ClassVar = [
        operations.AddField("lamp", "color", models.CharField(max_length=9, null=True)),
        operations.AddField("lamp", "color", models.CharField(max_length=9, db_default="brass")),
        operations.AlterField("lamp", "name", models.CharField(max_length=80)),
        operations.AlterField("lamp", "name", models.TextField()),
        operations.AlterField("lamp", "name", models.CharField(max_length=50, help_text="as on the label")),
        AddIndexConcurrently("lamp", models.Index(fields=["name"], name="lamps_by_name")),
        AddConstraintNotValid("lamp", BRIGHT),
        operations.RunSQL("SELECT 1", "SELECT 1"),
        operations.SeparateDatabaseAndState(state_operations=[operations.RemoveField("lamp", "watts")]),
    ]

    @pytest.mark.parametrize("operation", harmless, ids=lambda one: type(one).__name__)
    def test_lets_pass_what_hurts_nobody(self, operation: Operation) -> None:
        assert judge(operation) == []

    def test_lets_a_constraint_be_validated_later(self) -> None:
        assert judge(AddConstraintNotValid("lamp", BRIGHT), ValidateConstraint("lamp", "lamps_are_bright")) == []

    dangerous: ClassVar = [
        (
            operations.AddIndex("lamp", models.Index(fields=["name"], name="lamps_by_name")),
            "nobody can write to the table while it is built",
        ),
        (operations.AddConstraint("lamp", BRIGHT), "the whole table is read under a lock"),
        (operations.AddConstraint("lamp", ONE_NAME), "its index is built under a lock"),
        (
            operations.AddField("lamp", "color", models.CharField(max_length=9, default="brass")),
            "the release that still runs inserts rows without it",
        ),
        (
            operations.AddField("lamp", "code", models.CharField(max_length=9, null=True, unique=True)),
            "its index is built while nobody can write",
        ),
        (
            operations.AlterField("lamp", "watts", models.BigIntegerField(null=True)),
            "the table may be written anew under a lock",
        ),
        (
            operations.AlterField("lamp", "name", models.CharField(max_length=20)),
            "the table may be written anew under a lock",
        ),
        (
            operations.AlterField("lamp", "watts", models.IntegerField()),
            "the whole table is read under a lock, and the running release may write NULL",
        ),
        (operations.RemoveField("lamp", "watts"), "the release that still runs uses it"),
        (operations.RenameField("lamp", "name", "title"), "the release that still runs uses it"),
        (operations.RenameModel("Lamp", "Lantern"), "the release that still runs uses it"),
        (operations.DeleteModel("Lamp"), "the release that still runs uses it"),
        (operations.AlterModelTable("lamp", "lanterns"), "the release that still runs uses it"),
    ]

    @pytest.mark.parametrize(("operation", "why"), dangerous, ids=lambda one: type(one).__name__)
    def test_refuses_what_locks_a_table_or_breaks_the_release(self, operation: Operation, why: str) -> None:
        assert judge(operation) == [why]

    def test_allows_everything_on_a_table_that_is_new(self) -> None:
        made = operations.CreateModel("Wick", [("id", models.UUIDField(primary_key=True))])
        grown = operations.AddField("wick", "width", models.IntegerField())
        indexed = operations.AddIndex("wick", models.Index(fields=["width"], name="wicks_by_width"))

        assert judge(made, grown, indexed) == []

    def test_trusts_a_person_who_gave_a_reason(self) -> None:
        removal = operations.RemoveField("lamp", "watts")

        assert judge(removal, safe_because="release 12 no longer reads it") == []

    def test_names_the_migration_and_what_to_do_instead(self) -> None:
        state = ProjectState()
        LAMP.state_forwards("catalog", state)
        index = operations.AddIndex("lamp", models.Index(fields=["name"], name="lamps_by_name"))

        (danger,) = dangers_of(migration_of(index), state, fresh=set())

        assert danger.migration == "catalog.0002_changes"
        assert danger.instead == "AddIndexConcurrently, with atomic = False"
