"""`manage.py migrations status|history|plan|lint`: what is applied where, and what may be, over all databases."""

import json
from datetime import datetime
from typing import Any

from django.core.management.base import CommandError, CommandParser

from apps.core.commands import OperatorCommand
from apps.core.schema.lint import Danger
from apps.core.schema.linted import lint_named, lint_pending
from apps.core.schema.owned import database_aliases
from apps.core.schema.states import DatabaseState, list_states
from apps.core.terminal import print_table

Shown = tuple[list[str], list[list[str]], list[dict[str, Any]]]


class Command(OperatorCommand):
    help = (
        "Show what is applied where: status (counts), history (each migration and its time), plan (what would run); "
        "lint refuses pending or named migrations that lock a table in use or break the running release."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("action", choices=["status", "history", "plan", "lint"])
        parser.add_argument("app_label", nargs="?", help="lint: this app's migrations instead of the pending ones")
        parser.add_argument("migration_name", nargs="?", help="lint: this migration, by the beginning of its name")
        parser.add_argument("--database", choices=database_aliases(), help="only this database")
        parser.add_argument("--json", action="store_true", help="print JSON")

    def handle(self, *, action: str, **options: Any) -> None:
        if action == "lint" and options["app_label"]:
            self.judge(lint_named(options["app_label"], options["migration_name"]), as_json=options["json"])
            return
        states = list_states([options["database"]] if options["database"] else database_aliases())
        if action == "lint":
            self.complain(states)
            dangers = [danger for state in states for danger in lint_pending(state)]
            self.judge(dangers, as_json=options["json"])
            return
        self.show({"status": status, "history": history, "plan": plan}[action](states), as_json=options["json"])
        self.complain(states)

    def show(self, shown: Shown, *, as_json: bool) -> None:
        columns, rows, documents = shown
        if as_json:
            self.stdout.write(json.dumps(documents, indent=2))
        else:
            print_table(self.stdout, columns, rows)

    def judge(self, dangers: list[Danger], *, as_json: bool) -> None:
        columns = ["migration", "operation", "why", "instead"]
        rows = [[danger.migration, danger.operation, danger.why, danger.instead] for danger in dangers]
        if dangers or as_json:
            self.show((columns, rows, [vars(danger) for danger in dangers]), as_json=as_json)
        if dangers:
            raise CommandError(f"{len(dangers)} operations would hold up or break a shop that is open.")

    def complain(self, states: list[DatabaseState]) -> None:
        if unreached := [f"{state.alias} ({state.error})" for state in states if state.error]:
            raise CommandError(f"Not asked: {'; '.join(unreached)}.")


def status(states: list[DatabaseState]) -> Shown:
    """Return how many migrations each database has and lacks."""
    rows = []
    for state in states:
        last = moment(state.applied[-1].executed_at) if state.applied else ""
        rows.append([state.alias, str(len(state.applied)), str(len(state.pending)), last, state.error])
    return ["database", "applied", "pending", "last applied", ""], rows, [state.as_json() for state in states]


def history(states: list[DatabaseState]) -> Shown:
    """Return every applied migration of all databases, oldest first."""
    applied = sorted((one for state in states for one in state.applied), key=lambda one: one.executed_at)
    rows = [[moment(one.executed_at), one.service_name, one.migration_id, one.file_name] for one in applied]
    documents = [vars(one) | {"executed_at": one.executed_at.isoformat()} for one in applied]
    return ["executed at", "service", "migration", "file"], rows, documents


def plan(states: list[DatabaseState]) -> Shown:
    """Return every pending migration with its operations, in the order they would run."""
    rows, documents = [], []
    for alias, migration in ((state.alias, migration) for state in states for migration in state.pending):
        name = f"{migration.app_label}.{migration.name}"
        operations = [operation.describe() for operation in migration.operations]
        rows.append([alias, name, "\n".join(operations)])
        documents.append({"database": alias, "migration": name, "operations": operations})
    return ["database", "migration", "operations"], rows, documents


def moment(time: datetime) -> str:
    return time.strftime("%Y-%m-%d %H:%M:%S")
