"""
What a migration may not do to a database that is in use.

Two things break a running shop: a lock that holds up everybody behind it, and a column or table that the release still
running needs. Tables that are new in the same set of migrations are nobody's yet; everything is allowed there.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db.migrations import Migration, operations
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

from .fields import added_field_dangers, altered_field_dangers
from .verdicts import RELEASE, Verdict

# A migration with this attribute, a sentence, has been judged by a person.
EXCUSE = "safe_because"

ModelKey = tuple[str, str]
Judge = Callable[[Any, str, ProjectState, ProjectState], Iterable[Verdict]]


@dataclass(frozen=True)
class Danger:
    """One operation that is refused: what it does, and what to do instead."""

    migration: str
    operation: str
    why: str
    instead: str


def dangers_of(migration: Migration, state: ProjectState, *, fresh: set[ModelKey]) -> list[Danger]:
    """
    Return what is dangerous in a migration; `state` is the project before it and is moved past it.

    `fresh` are the models whose tables no release uses yet; models that the migration creates are added to it.
    """
    name = f"{migration.app_label}.{migration.name}"
    found = []
    for operation, on_database in flattened(migration.operations):
        before = state.clone()
        operation.state_forwards(migration.app_label, state)
        if isinstance(operation, operations.CreateModel):
            fresh.add((migration.app_label, operation.name_lower))
        if on_database and not hasattr(migration, EXCUSE):
            for verdict in judged(operation, migration.app_label, before, state, fresh):
                found.append(Danger(name, operation.describe(), verdict.why, verdict.instead))
    return found


def flattened(given: Iterable[Operation]) -> Iterator[tuple[Operation, bool]]:
    """Yield operations with whether they reach the database."""
    for operation in given:
        if isinstance(operation, operations.SeparateDatabaseAndState):
            yield from ((one, True) for one, _ in flattened(operation.database_operations))
            yield from ((one, False) for one, _ in flattened(operation.state_operations))
        else:
            yield operation, True


def judged(
    operation: Operation, app_label: str, before: ProjectState, after: ProjectState, fresh: set[ModelKey]
) -> Iterable[Verdict]:
    if isinstance(operation, AddIndexConcurrently | RemoveIndexConcurrently):
        return []
    judge = JUDGES.get(type(operation))
    model = getattr(operation, "model_name_lower", None) or getattr(operation, "old_name_lower", None)
    model = model or getattr(operation, "name_lower", "")
    if judge is None or (app_label, model) in fresh:
        return []
    return judge(operation, app_label, before, after)


def _add_index(operation: Any, app_label: str, before: ProjectState, after: ProjectState) -> Iterable[Verdict]:
    yield Verdict("nobody can write to the table while it is built", "AddIndexConcurrently, with atomic = False")


def _remove_index(operation: Any, app_label: str, before: ProjectState, after: ProjectState) -> Iterable[Verdict]:
    yield Verdict("it waits for every query, and all others wait behind it", "RemoveIndexConcurrently, atomic = False")


def _add_constraint(operation: Any, app_label: str, before: ProjectState, after: ProjectState) -> Iterable[Verdict]:
    if type(operation.constraint).__name__ == "CheckConstraint":
        yield Verdict("the whole table is read under a lock", "AddConstraintNotValid, then ValidateConstraint")
    else:
        yield Verdict(
            "its index is built under a lock", "CREATE UNIQUE INDEX CONCURRENTLY, then ADD CONSTRAINT USING INDEX"
        )


def _add_field(operation: Any, app_label: str, before: ProjectState, after: ProjectState) -> Iterable[Verdict]:
    return added_field_dangers(operation.field)


def _alter_field(operation: Any, app_label: str, before: ProjectState, after: ProjectState) -> Iterable[Verdict]:
    old = before.models[app_label, operation.model_name_lower].fields[operation.name]
    return altered_field_dangers(old, operation.field)


def _gone(operation: Any, app_label: str, before: ProjectState, after: ProjectState) -> Iterable[Verdict]:
    yield RELEASE


JUDGES: dict[type[Operation], Judge] = {
    operations.AddIndex: _add_index,
    operations.RemoveIndex: _remove_index,
    operations.AddConstraint: _add_constraint,
    operations.AddField: _add_field,
    operations.AlterField: _alter_field,
    operations.RemoveField: _gone,
    operations.RenameField: _gone,
    operations.RenameModel: _gone,
    operations.DeleteModel: _gone,
    operations.AlterModelTable: _gone,
}
