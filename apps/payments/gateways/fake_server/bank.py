"""What the gateway does, one function an operation: each works on a batch inside the caller's transaction."""

import json
import sqlite3
import time
from collections.abc import Callable, Sequence
from typing import Any
from uuid import uuid4

from .answers import OTHER_REQUEST, SAVED_ERROR, Answer, Outcome, absent, answer_of
from .cards import brand_of
from .charging import Charging, charges_by_key, land
from .store import from_units, to_units

Item = dict[str, Any]
NOT_CHARGED: Answer = {"status": 422, "error": "nothing_was_charged_under_this_key"}
NO_REFUND: Answer = {"status": 404, "error": "nothing_was_given_back_under_this_key"}
TOO_MUCH: Answer = {"status": 422, "error": "more_than_is_left_of_the_charge"}


def charge(db: sqlite3.Connection, items: Sequence[Item]) -> Outcome:
    """Charge each item once a key."""
    return Charging(db, items).run()


def charge_with_saved_errors(db: sqlite3.Connection, items: Sequence[Item]) -> Outcome:
    """Answer each item with an error of the gateway's own, without effect, saved under its request key."""
    charging = Charging(db, items)
    for item in items:
        charging.earlier.setdefault(item["key"], {})
    return Outcome([charging.remember(item, SAVED_ERROR) for item in items])


def find(db: sqlite3.Connection, items: Sequence[Item]) -> Outcome:
    """Tell what became of each key."""
    land(db)
    known = charges_by_key(db, [item["key"] for item in items])
    return Outcome([answer_of(known[item["key"]]) if item["key"] in known else absent(item["key"]) for item in items])


def cancel(db: sqlite3.Connection, items: Sequence[Item]) -> Outcome:
    """Close each key: what was charged or declined stays so, and nothing can be charged any more."""
    land(db)
    keys = [item["key"] for item in items]
    db.executemany(
        "INSERT INTO charges (key, reference, state, fenced, created_at) VALUES (?, ?, 'cancelled', 1, ?)"
        " ON CONFLICT (key) DO UPDATE SET fenced = 1, lands_at = NULL,"
        " state = CASE state WHEN 'absent' THEN 'cancelled' ELSE state END",
        [(key, f"ch_{uuid4().hex}", time.time()) for key in keys],
    )
    known = charges_by_key(db, keys)
    return Outcome([answer_of(known[key]) for key in keys])


def refund(db: sqlite3.Connection, items: Sequence[Item]) -> Outcome:
    """Give money back, once a key."""
    return Outcome([refund_one(db, item) for item in items])


def refund_one(db: sqlite3.Connection, item: Item) -> Answer:
    units = to_units(item["amount"])
    earlier = db.execute("SELECT * FROM refunds WHERE key = ?", [item["key"]]).fetchone()
    if earlier:
        is_same = earlier["charge_key"] == item["charge_key"] and earlier["amount"] == units
        return refunded(earlier) if is_same else OTHER_REQUEST
    charge = db.execute("SELECT * FROM charges WHERE key = ?", [item["charge_key"]]).fetchone()
    if charge is None or charge["state"] != "succeeded":
        return NOT_CHARGED
    if charge["refunded"] + units > charge["amount"]:
        return TOO_MUCH
    row = {
        "key": item["key"],
        "reference": f"re_{uuid4().hex}",
        "charge_key": item["charge_key"],
        "amount": units,
        "reason": item.get("reason"),
        "created_at": time.time(),
    }
    db.execute("UPDATE charges SET refunded = refunded + ? WHERE key = ?", [units, item["charge_key"]])
    db.execute("INSERT INTO refunds VALUES (:key, :reference, :charge_key, :amount, :reason, :created_at)", row)
    return refunded(row)


def find_refunds(db: sqlite3.Connection, items: Sequence[Item]) -> Outcome:
    """Tell which of the keys gave money back."""
    return Outcome([find_refund(db, item["key"]) for item in items])


def find_refund(db: sqlite3.Connection, key: str) -> Answer:
    found = db.execute("SELECT * FROM refunds WHERE key = ?", [key]).fetchone()
    return refunded(found) if found else NO_REFUND | {"key": key}


def refunded(row: sqlite3.Row | Item) -> Answer:
    """Return a refund as callers see it."""
    return {
        "status": 200,
        "key": row["key"],
        "reference": row["reference"],
        "charge_key": row["charge_key"],
        "amount": from_units(row["amount"]),
    }


def tokenise(db: sqlite3.Connection, items: Sequence[Item]) -> Outcome:
    """Keep each card number and give a token for it; the number is never told again."""
    answers: list[Answer | None] = []
    for item in items:
        number, token = "".join(str(item["card_number"]).split()), f"pm_{uuid4().hex}"
        db.execute("INSERT INTO payment_methods VALUES (?, ?, ?)", [token, number, time.time()])
        answers.append({"status": 200, "token": token, "brand": brand_of(number), "last4": number[-4:]})
    return Outcome(answers)


OPERATIONS: dict[str, Callable[[sqlite3.Connection, Sequence[Item]], Outcome]] = {
    "charge": charge,
    "find": find,
    "cancel": cancel,
    "refund": refund,
    "find_refunds": find_refunds,
    "tokenise": tokenise,
}


def list_charges(db: sqlite3.Connection, *, order_id: str | None, after: int, limit: int) -> list[Answer]:
    """List charges, oldest first, those of one order where it is named; `cursor` goes into the next call's `after`."""
    land(db)
    rows = db.execute(
        "SELECT rowid, * FROM charges WHERE rowid > ? AND (? IS NULL OR order_id = ?) ORDER BY rowid LIMIT ?",
        [after, order_id, order_id, limit],
    )
    return [answer_of(dict(row)) | {"cursor": row["rowid"], "statement": row["statement"]} for row in rows]


def list_refunds(db: sqlite3.Connection, *, after: int, limit: int) -> list[Answer]:
    """List refunds, oldest first."""
    rows = db.execute("SELECT rowid, * FROM refunds WHERE rowid > ? ORDER BY rowid LIMIT ?", [after, limit])
    return [refunded(row) | {"cursor": row["rowid"]} for row in rows]


def list_calls(db: sqlite3.Connection, *, after: int, limit: int) -> list[Answer]:
    """List every call and what it was answered, in the order in which they took effect."""
    rows = db.execute("SELECT * FROM calls WHERE id > ? ORDER BY id LIMIT ?", [after, limit])
    return [
        dict(row)
        | {
            "cursor": row["id"],
            "request": json.loads(row["request"]),
            "answer": json.loads(row["answer"]) if row["answer"] else None,
        }
        for row in rows
    ]


def list_effects(db: sqlite3.Connection, *, after: int, limit: int) -> list[Answer]:
    """List what happened to money, in the order in which it happened."""
    land(db)
    rows = db.execute("SELECT * FROM effects WHERE id > ? ORDER BY id LIMIT ?", [after, limit])
    return [dict(row) | {"cursor": row["id"], "amount": from_units(row["amount"])} for row in rows]
