"""What the `saga` command prints: the same facts as tables for people and as JSON for programs."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import msgspec
from rich.console import Console
from rich.table import Table

from .calls import grouped
from .dead_letters import error_class
from .models import AuditFinding, SagaDeadLetter
from .rebuilding import Difference
from .redriving import Redriven
from .selectors import SagaView
from .versions import VersionView

COLOURS = {"completed": "green", "failed": "red", "compensating": "yellow", "active": "cyan", "compensated": "yellow"}


def coloured(word: str) -> str:
    """Return a status in its colour."""
    return f"[{COLOURS[word]}]{word}[/]" if word in COLOURS else word


def plain_table(*columns: str) -> Table:
    """Return an empty table without lines."""
    return Table(*columns, box=None, header_style="bold", pad_edge=False)


def as_json(value: Any) -> str:
    """Return views as indented JSON, times in ISO 8601."""
    return msgspec.json.format(msgspec.json.encode(value), indent=2).decode()


def saga_fields(saga: SagaView) -> dict[str, Any]:
    """Return a saga in the founding design's shape, with what the engine knows beyond it."""
    fields = asdict(saga)
    steps = [
        {("compensationAction" if key == "compensation_action" else key): value for key, value in step.items()}
        for step in fields.pop("steps")
    ]
    return {"id": fields.pop("id"), "orderId": fields.pop("order_id"), "status": fields.pop("status")} | {
        "steps": steps,
        **fields,
    }


def print_sagas(console: Console, sagas: Sequence[SagaView]) -> None:
    """Print one line a saga."""
    table = plain_table()
    for name in ("saga", "order"):
        table.add_column(name, no_wrap=True, min_width=36)
    for name in ("status", "step", "lane", "tries", "age"):
        table.add_column(name)
    for saga in sagas:
        step = next((one.action for one in saga.steps if one.state not in DONE), "")
        end = saga.finished_at or saga.updated_at
        seconds = (end - saga.created_at).total_seconds()
        status = coloured(saga.status) + (f" ({saga.hold})" if saga.hold else "")
        lane = "" if saga.finished_at else saga.lane
        table.add_row(str(saga.id), str(saga.order_id), status, step, lane, str(saga.failures), f"{seconds:.2f} s")
    console.print(table)


DONE = ("completed", "compensated", "skipped", "waived", "pending")


def print_saga(console: Console, saga: SagaView) -> None:
    """Print one saga: its steps, then its history with the time since it began."""
    console.print(f"[bold]{saga.definition}[/] {saga.id}, order {saga.order_id}: {coloured(saga.status)}")
    if saga.cause:
        console.print(f"turned back at {saga.cause['step']}: {saga.cause['code']}: {saga.cause['message']}")
    if saga.error:
        console.print(f"[red]last failure:[/] {saga.error}")
    steps = plain_table("step", "service", "compensation", "status", "state", "error")
    for step in saga.steps:
        steps.add_row(
            step.action,
            step.service,
            step.compensation_action or "",
            coloured(step.status),
            step.state,
            step.error or "",
        )
    console.print(steps)
    print_timeline(console, saga)


def print_timeline(console: Console, saga: SagaView) -> None:
    """Print the history of a saga, one line an event."""
    table = plain_table("#", "after", "event", "step", "direction", "tries", "what")
    for event in saga.events:
        after = f"{(event.at - saga.events[0].at).total_seconds() * 1000:.0f} ms"
        table.add_row(
            str(event.seq),
            after,
            coloured(event.kind),
            event.step,
            event.direction,
            str(event.attempt),
            told(event.data),
        )
    console.print(table)


def print_versions(console: Console, versions: Sequence[VersionView]) -> None:
    """Print one line a version of a definition."""
    table = plain_table("definition", "version", "here", "released", "fingerprint", "living")
    for one in versions:
        released = f"{one.released_at:%Y-%m-%d %H:%M}" if one.released_at else "not yet"
        table.add_row(
            one.definition,
            str(one.version),
            "yes" if one.registered else "[red]no[/]",
            released,
            (one.fingerprint or "")[:12],
            str(one.living),
        )
    console.print(table)


def letter_fields(letter: SagaDeadLetter) -> dict[str, Any]:
    """Return a dead letter as JSON values."""
    return {
        "saga_id": letter.saga_id,
        "step": letter.step,
        "direction": letter.direction,
        "error": letter.error,
        "attempts": letter.attempts,
        "first_at": letter.first_at,
        "next_try_at": letter.next_try_at,
        "id": letter.id,
        "state": letter.state,
        "error_class": error_class(letter.error),
        "proposed_by": letter.proposed_by,
        "proposed_at": letter.proposed_at,
        "resolved_by": letter.resolved_by,
        "approved_by": letter.approved_by,
        "resolved_at": letter.resolved_at,
        "reason": letter.reason,
    }


def print_differences(console: Console, differences: Sequence[Difference]) -> None:
    """Print one line a column in which a row differs from its history."""
    table = plain_table("column", "row", "history")
    for one in differences:
        table.add_row(one.column, str(one.row), str(one.history))
    console.print(table)


def print_dead_letters(console: Console, letters: Sequence[SagaDeadLetter]) -> None:
    """Print one line a dead letter."""
    table = plain_table("saga", "step", "direction", "state", "tries", "since", "who", "error")
    for letter in letters:
        table.add_row(
            str(letter.saga_id),
            letter.step,
            letter.direction,
            letter.state,
            str(letter.attempts),
            f"{letter.first_at:%Y-%m-%d %H:%M}",
            people(letter),
            letter.error,
        )
    console.print(table)


def people(letter: SagaDeadLetter) -> str:
    """Return who has a hand in a dead letter."""
    if letter.approved_by:
        return f"{letter.resolved_by}, {letter.approved_by}"
    return letter.resolved_by or (f"{letter.proposed_by} proposes to waive it" if letter.proposed_by else "")


def print_summary(console: Console, letters: Sequence[SagaDeadLetter]) -> None:
    """Print how many dead letters there are of each step and kind of error, the most first."""
    table = plain_table("letters", "step", "direction", "class", "oldest")
    for (step, direction, kind), group in summary(letters):
        oldest = min(letter.first_at for letter in group)
        table.add_row(str(len(group)), step, direction, kind, f"{oldest:%Y-%m-%d %H:%M}")
    console.print(table)


def summary(letters: Sequence[SagaDeadLetter]) -> list[tuple[tuple[str, str, str], list[SagaDeadLetter]]]:
    """Return the dead letters by step, direction and kind of error, the most first."""
    groups = grouped(letters, lambda letter: (letter.step, letter.direction, error_class(letter.error)))
    return sorted(groups.items(), key=lambda group: -len(group[1]))


def print_redriven(console: Console, redriven: Sequence[Redriven]) -> None:
    """Print one line a dead letter: what becomes of it."""
    table = plain_table("saga", "step", "direction", "class", "tries", "what", "error")
    for one in redriven:
        table.add_row(
            str(one.saga_id), one.step, one.direction, one.error_class, str(one.attempts), one.outlook, one.error
        )
    console.print(table)


def told(data: dict[str, Any]) -> str:
    """Return an event's data as a short phrase."""
    if "code" in data:
        return f"{data['code']}: {data['message']}"
    if "error" in data:
        return str(data["error"])
    reply = data.get("reply", {})
    fields = ", ".join(f"{key}={value}" for key, value in reply.get("data", {}).items())
    return f"{reply.get('type', '')} {fields}".strip()


def finding_fields(finding: AuditFinding) -> dict[str, Any]:
    """Return a finding as JSON values."""
    return {
        "invariant": finding.invariant,
        "check": finding.check_name,
        "subject": finding.subject,
        "id": finding.subject_id,
        "problem": finding.problem,
        "found_at": finding.found_at,
        "seen_at": finding.seen_at,
    }


def print_findings(console: Console, findings: Sequence[AuditFinding]) -> None:
    """Print one line a finding; nothing where there is none."""
    if not findings:
        return
    table = plain_table("", "what", "id", "since", "problem")
    for one in findings:
        table.add_row(one.invariant, one.subject, str(one.subject_id), f"{one.found_at:%m-%d %H:%M}", one.problem)
    console.print(table)


class Tallies:
    """What an audit has cost so far, by check; those that could not be asked are `unasked`."""

    def __init__(self) -> None:
        self.rows: Counter[str] = Counter()
        self.seconds: defaultdict[str, float] = defaultdict(float)
        self.unasked: set[str] = set()

    def add(self, check: str, *, rows: int, seconds: float) -> None:
        """Add one page."""
        self.rows[check] += rows
        self.seconds[check] += seconds

    def print(self, console: Console) -> None:
        """Print one line a check."""
        table = plain_table("check", "rows", "ms")
        for check, rows in self.rows.items():
            table.add_row(check, str(rows), f"{self.seconds[check] * 1000:.1f}")
        console.print(table)
