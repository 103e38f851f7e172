"""What callers get to see."""

from dataclasses import dataclass, field
from typing import Any

from .store import from_units

Answer = dict[str, Any]
"""What is sent for one item; its `status` is the HTTP status that the item alone would have."""

SAVED_ERROR: Answer = {"status": 500, "error": "internal_error"}
NO_ANSWER: Answer = {"status": 504, "error": "no_answer"}
OTHER_REQUEST: Answer = {"status": 422, "error": "the_key_stands_for_another_request"}
STATUS = {"succeeded": 200, "declined": 402, "absent": 404, "cancelled": 410}


@dataclass
class Outcome:
    """The answers to a call, one an item; None where the answer is lost. `wait_seconds` is how long they take."""

    answers: list[Answer | None] = field(default_factory=list)
    wait_seconds: float = 0


def absent(key: str) -> Answer:
    """Return the answer about a key of which the gateway knows nothing."""
    return {"status": 404, "key": key, "state": "absent"}


def answer_of(charge: dict[str, Any]) -> Answer:
    """Return a charge as callers see it."""
    state = charge["state"]
    return {
        "status": STATUS[state],
        "key": charge["key"],
        "reference": charge["reference"],
        "order_id": charge["order_id"],
        "state": state,
        "decline_reason": charge["decline_reason"],
        "amount": from_units(charge["amount"] if state == "succeeded" else 0),
        "refunded": from_units(charge["refunded"]),
        "currency": charge["currency"],
    }
