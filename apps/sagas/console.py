"""What the `saga` command prints: the same facts as tables for people and as JSON for programs."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import msgspec
from rich.console import Console
from rich.table import Table

from .models import SagaDeadLetter
from .rebuilding import Difference
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
    }


def print_differences(console: Console, differences: Sequence[Difference]) -> None:
    """Print one line a column in which a row differs from its history."""
    table = plain_table("column", "row", "history")
    for one in differences:
        table.add_row(one.column, str(one.row), str(one.history))
    console.print(table)


def print_dead_letters(console: Console, letters: Sequence[SagaDeadLetter]) -> None:
    """Print one line a dead letter."""
    table = plain_table("saga", "step", "direction", "tries", "since", "error")
    for letter in letters:
        since = f"{letter.first_at:%Y-%m-%d %H:%M}"
        table.add_row(str(letter.saga_id), letter.step, letter.direction, str(letter.attempts), since, letter.error)
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
