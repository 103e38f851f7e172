"""
The durable store: SQLite with a write-ahead log.

A commit survives the death of the process; that of the machine too, but for the last instant (`synchronous = NORMAL`).
Amounts are whole ten-thousandths of a currency's unit, so that SQLite adds them exactly.
"""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path

SCHEMA = """
CREATE TABLE IF NOT EXISTS charges (
    key TEXT PRIMARY KEY,
    reference TEXT NOT NULL UNIQUE,
    order_id TEXT,
    amount INTEGER,
    currency TEXT,
    payment_method TEXT,
    statement TEXT,
    state TEXT NOT NULL CHECK (state IN ('absent', 'succeeded', 'declined', 'cancelled')),
    decline_reason TEXT,
    refunded INTEGER NOT NULL DEFAULT 0 CHECK (refunded BETWEEN 0 AND coalesce(amount, 0)),
    fenced INTEGER NOT NULL DEFAULT 0,
    lands_at REAL,
    created_at REAL NOT NULL
);
CREATE INDEX IF NOT EXISTS charges_of_an_order ON charges (order_id);
CREATE INDEX IF NOT EXISTS charges_on_their_way ON charges (lands_at) WHERE lands_at IS NOT NULL;
-- One row a request key: the answer it was given, which it is given for ever; no answer where it was lost on the way.
CREATE TABLE IF NOT EXISTS requests (
    request_key TEXT PRIMARY KEY,
    key TEXT NOT NULL,
    answer TEXT
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS requests_of_a_key ON requests (key);
CREATE TABLE IF NOT EXISTS refunds (
    key TEXT PRIMARY KEY,
    reference TEXT NOT NULL UNIQUE,
    charge_key TEXT NOT NULL REFERENCES charges (key),
    amount INTEGER NOT NULL CHECK (amount > 0),
    reason TEXT,
    created_at REAL NOT NULL
);
CREATE TABLE IF NOT EXISTS payment_methods (
    token TEXT PRIMARY KEY,
    card_number TEXT NOT NULL,
    created_at REAL NOT NULL
);
CREATE TABLE IF NOT EXISTS calls (
    id INTEGER PRIMARY KEY,
    operation TEXT NOT NULL,
    called_at REAL NOT NULL,
    request TEXT NOT NULL,
    answer TEXT,
    status INTEGER,
    outcome TEXT NOT NULL,
    returned_at REAL,
    process INTEGER
);
-- What happened to money, in its order; written by triggers, so that nothing happens unnoticed. `call_id` is the call
-- during which it happened, or the one before where a charge was late.
CREATE TABLE IF NOT EXISTS effects (
    id INTEGER PRIMARY KEY,
    call_id INTEGER,
    what TEXT NOT NULL CHECK (what IN ('charged', 'closed', 'refunded')),
    key TEXT NOT NULL,
    order_id TEXT,
    amount INTEGER,
    refund_key TEXT,
    happened_at REAL NOT NULL DEFAULT ((julianday('now') - 2440587.5) * 86400.0)
);
CREATE TRIGGER IF NOT EXISTS note_a_charge AFTER INSERT ON charges WHEN new.state = 'succeeded' BEGIN
    INSERT INTO effects (call_id, what, key, order_id, amount)
    VALUES ((SELECT max(id) FROM calls), 'charged', new.key, new.order_id, new.amount);
END;
CREATE TRIGGER IF NOT EXISTS note_a_late_charge AFTER UPDATE OF state ON charges
WHEN new.state = 'succeeded' AND old.state <> 'succeeded' BEGIN
    INSERT INTO effects (call_id, what, key, order_id, amount)
    VALUES ((SELECT max(id) FROM calls), 'charged', new.key, new.order_id, new.amount);
END;
CREATE TRIGGER IF NOT EXISTS note_a_tombstone AFTER INSERT ON charges WHEN new.fenced = 1 BEGIN
    INSERT INTO effects (call_id, what, key, order_id)
    VALUES ((SELECT max(id) FROM calls), 'closed', new.key, new.order_id);
END;
CREATE TRIGGER IF NOT EXISTS note_a_fence AFTER UPDATE OF fenced ON charges
WHEN new.fenced = 1 AND old.fenced = 0 BEGIN
    INSERT INTO effects (call_id, what, key, order_id)
    VALUES ((SELECT max(id) FROM calls), 'closed', new.key, new.order_id);
END;
CREATE TRIGGER IF NOT EXISTS note_a_refund AFTER INSERT ON refunds BEGIN
    INSERT INTO effects (call_id, what, key, order_id, amount, refund_key)
    SELECT (SELECT max(id) FROM calls), 'refunded', c.key, c.order_id, new.amount, new.key
    FROM charges c WHERE c.key = new.charge_key;
END;
"""
# A store of an earlier version keeps its calls; who made them is not known.
PROCESS_COLUMN = "ALTER TABLE calls ADD COLUMN process INTEGER"


class Store:
    """One connection, one writer at a time; the threads of the server take turns."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self.connection.row_factory = sqlite3.Row
        self.connection.execute("PRAGMA journal_mode = WAL")
        self.connection.execute("PRAGMA synchronous = NORMAL")
        self.connection.executescript(SCHEMA)
        if "process" not in {row["name"] for row in self.connection.execute("PRAGMA table_info(calls)")}:
            self.connection.execute(PROCESS_COLUMN)
        self._turn = threading.Lock()

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Give the connection inside one transaction, which ends in a commit, or a rollback where the block raises."""
        with self._turn:
            self.connection.execute("BEGIN IMMEDIATE")
            try:
                yield self.connection
            except BaseException:
                self.connection.execute("ROLLBACK")
                raise
            self.connection.execute("COMMIT")


def to_units(amount: str) -> int:
    """Return an amount in ten-thousandths; raises ValueError when it is not positive, or finer than that."""
    units = Decimal(amount).scaleb(4)
    if not units.is_finite() or units != units.to_integral_value() or units <= 0:
        raise ValueError(f"{amount} is not an amount: a positive decimal of at most four places")
    return int(units)


def from_units(units: int | None) -> str:
    """Return an amount as a decimal string with four places."""
    return f"{Decimal(units or 0).scaleb(-4):f}"
