"""One call: the fault that strikes it, its effect and its line in the log, in one commit; then how it is answered."""

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from .answers import NO_ANSWER, Answer, Outcome
from .bank import OPERATIONS, charge_with_saved_errors
from .faults import Fault, Faults
from .store import Store

REFUSED: Answer = {"status": 402, "error": "refused"}


@dataclass(frozen=True)
class Reply:
    """How a call is answered: `ending` is answered, timeout or reset; only the first sends anything."""

    call_id: int
    ending: str
    status: int
    answers: list[Answer]
    wait_seconds: float


def call(
    store: Store, faults: Faults, operation: str, items: Sequence[dict[str, Any]], *, process: int | None = None
) -> Reply:
    """Carry a call out; its effect and its line in the log are one commit. `process` is the caller's id, as it says."""
    called_at = time.time()
    fault = faults.strike(operation)
    with store.transaction() as db:
        cursor = db.execute(
            "INSERT INTO calls (operation, called_at, request, outcome, process) VALUES (?, ?, ?, 'called', ?)",
            [operation, called_at, json.dumps(list(items)), process],
        )
        call_id = int(cursor.lastrowid or 0)
        ending, status, outcome = carry_out(db, operation, items, fault)
        reply = Reply(
            call_id, ending, status, [answer or NO_ANSWER for answer in outcome.answers], outcome.wait_seconds
        )
        db.execute(
            "UPDATE calls SET answer = ?, status = ?, outcome = ? WHERE id = ?",
            [json.dumps(reply.answers), reply.status, ending, call_id],
        )
    return reply


def carry_out(
    db: Any, operation: str, items: Sequence[dict[str, Any]], fault: Fault | None
) -> tuple[str, int, Outcome]:
    """Return how the call ends, its HTTP status, and the answers to its items."""
    kind = fault.kind if fault else ""
    if fault and kind == "error":
        return "answered", fault.status, Outcome([{"status": fault.status, "error": "unavailable"} for _ in items])
    if kind == "refuse":
        return "answered", 200, Outcome([REFUSED for _ in items])
    if kind == "saved_error" and operation == "charge":
        return "answered", 500, charge_with_saved_errors(db, items)
    if kind.endswith("_without_effect"):
        return kind.removesuffix("_without_effect"), 0, Outcome()
    outcome = OPERATIONS[operation](db, items)
    if fault and kind == "delay":
        outcome.wait_seconds += fault.seconds
    if kind.endswith("_with_effect"):
        return kind.removesuffix("_with_effect"), 0, outcome
    # Where no answer is left to give, the call itself goes unanswered.
    is_lost = bool(outcome.answers) and not any(outcome.answers)
    return "timeout" if is_lost else "answered", 200, outcome


def note_return(store: Store, reply: Reply) -> None:
    """Note in the log when the answer went out."""
    with store.transaction() as db:
        db.execute("UPDATE calls SET returned_at = ? WHERE id = ?", [time.time(), reply.call_id])
