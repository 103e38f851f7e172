"""Charging: one charge a key, whatever is asked how often."""

import json
import sqlite3
import time
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import uuid4

from .answers import OTHER_REQUEST, SAVED_ERROR, Answer, Outcome, answer_of
from .cards import TOKEN, UNKNOWN_TOKEN, Card, Trouble, card_of
from .store import to_units

Row = dict[str, Any]

INSERT_CHARGE = """
INSERT OR REPLACE INTO charges (key, reference, order_id, amount, currency, payment_method, statement, state,
    decline_reason, refunded, fenced, lands_at, created_at)
VALUES (:key, :reference, :order_id, :amount, :currency, :payment_method, :statement, :state,
    :decline_reason, :refunded, :fenced, :lands_at, :created_at)
"""


class Charging:
    """A batch of charges inside one transaction: what is known of its keys is read once, then each is answered."""

    def __init__(self, db: sqlite3.Connection, requests: Sequence[Row]) -> None:
        land(db)
        keys = {request["key"] for request in requests}
        self.db = db
        self.requests = requests
        self.charges = charges_by_key(db, keys)
        self.earlier = requests_by_key(db, keys)
        self.cards = cards_by_token(db, {request["payment_method"] for request in requests})

    def run(self) -> Outcome:
        """Answer each request in turn."""
        outcome = Outcome()
        for request in self.requests:
            answer, seconds = self.answer(request)
            outcome.answers.append(answer)
            outcome.wait_seconds = max(outcome.wait_seconds, seconds)
        return outcome

    def answer(self, request: Row) -> tuple[Answer | None, float]:
        """Return the answer to one request, None where it is lost, and how many seconds it takes."""
        key, card = request["key"], self.cards[request["payment_method"]]
        charge, earlier = self.charges.get(key), self.earlier.setdefault(key, {})
        if charge and not is_same(charge, request):
            return OTHER_REQUEST, 0
        saved = earlier.get(request.get("request_key") or key)
        if saved is not None:
            return saved, 0
        trouble = None if charge or earlier else card.trouble
        if trouble is Trouble.SAVED_ERROR:
            return self.remember(request, SAVED_ERROR), 0
        if trouble is not Trouble.TIMEOUT_WITHOUT_EFFECT and (charge is None or charge["state"] == "absent"):
            charge = self.charge(request, card, trouble)
        return self.remember(request, seen(charge, trouble)), card.seconds if trouble is Trouble.SLOW else 0

    def charge(self, request: Row, card: Card, trouble: Trouble | None) -> Row:
        """Write what happens to the money."""
        row = new_charge(request, card, trouble)
        self.db.execute(INSERT_CHARGE, row)
        self.charges[request["key"]] = row
        return row

    def remember(self, request: Row, answer: Answer | None) -> Answer | None:
        """Keep the answer under the request's key, and return it."""
        key = request["key"]
        request_key = request.get("request_key") or key
        self.earlier[key][request_key] = answer
        self.db.execute(
            "INSERT OR REPLACE INTO requests (request_key, key, answer) VALUES (?, ?, ?)",
            [request_key, key, None if answer is None else json.dumps(answer)],
        )
        return answer


def new_charge(request: Row, card: Card, trouble: Trouble | None) -> Row:
    """Return the charge that a request makes, as its card decides."""
    late = card.seconds if trouble in (Trouble.LANDS_LATE, Trouble.SUCCEEDS_LATE) else 0
    state, reason = ("declined", card.decline) if card.decline else ("succeeded", None)
    if late:
        state, reason = ("absent", None) if trouble is Trouble.LANDS_LATE else ("declined", "card_declined")
    now = time.time()
    return {
        "key": request["key"],
        "reference": f"ch_{uuid4().hex}",
        "order_id": request.get("order_id"),
        "amount": to_units(request["amount"]),
        "currency": request["currency"],
        "payment_method": request["payment_method"],
        "statement": request.get("statement"),
        "state": state,
        "decline_reason": reason,
        "refunded": 0,
        "fenced": 0,
        "lands_at": now + late if late else None,
        "created_at": now,
    }


def seen(charge: Row | None, trouble: Trouble | None) -> Answer | None:
    """Return what the caller sees of a charge; None where the answer is lost."""
    if charge is None or trouble in (Trouble.TIMEOUT_WITH_EFFECT, Trouble.LANDS_LATE):
        return None
    if trouble is Trouble.SUCCEEDS_LATE:
        return answer_of(charge | {"state": "declined", "decline_reason": "card_declined"})
    return answer_of(charge)


def is_same(charge: Row, request: Row) -> bool:
    """Tell whether a request asks again for what its key stands for; a key closed before its charge stands for none."""
    return charge["amount"] is None or (
        charge["amount"] == to_units(request["amount"])
        and charge["currency"] == request["currency"]
        and charge["payment_method"] == request["payment_method"]
    )


def land(db: sqlite3.Connection) -> None:
    """Let the charges that were on their way arrive, but for those that were cancelled meanwhile."""
    db.execute(
        "UPDATE charges SET state = 'succeeded', decline_reason = NULL, lands_at = NULL"
        " WHERE lands_at <= ? AND fenced = 0",
        [time.time()],
    )


def charges_by_key(db: sqlite3.Connection, keys: Iterable[str]) -> dict[str, Row]:
    """Return the charges under these keys."""
    rows = db.execute("SELECT * FROM charges WHERE key IN (SELECT value FROM json_each(?))", [json.dumps(list(keys))])
    return {row["key"]: dict(row) for row in rows}


def requests_by_key(db: sqlite3.Connection, keys: Iterable[str]) -> dict[str, dict[str, Answer | None]]:
    """Return the earlier requests for these keys, each with its saved answer."""
    found: dict[str, dict[str, Answer | None]] = {}
    rows = db.execute("SELECT * FROM requests WHERE key IN (SELECT value FROM json_each(?))", [json.dumps(list(keys))])
    for row in rows:
        found.setdefault(row["key"], {})[row["request_key"]] = json.loads(row["answer"]) if row["answer"] else None
    return found


def cards_by_token(db: sqlite3.Connection, tokens: set[str]) -> dict[str, Card]:
    """Return the card behind each token."""
    rows = db.execute(
        "SELECT token, card_number FROM payment_methods WHERE token IN (SELECT value FROM json_each(?))",
        [json.dumps(list(tokens))],
    )
    numbers = {row["token"]: row["card_number"] for row in rows}
    numbers |= {token: token.removeprefix(TOKEN) for token in tokens if token.startswith(TOKEN)}
    return {token: card_of(numbers[token]) if token in numbers else UNKNOWN_TOKEN for token in tokens}
