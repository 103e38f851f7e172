"""
Where the rows of a file wait until all rows of their product are known: a file on disk, gone when the import ends.

Rows of one handle may stand anywhere in a file of any size, so they are kept on disk, in a private SQLite database. Not
in memory, and not in PostgreSQL either: there they would be a long transaction on the shop's own server, or tables that
outlive a transaction, which a pooler in transaction mode does not allow.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby, islice
from operator import itemgetter
from pathlib import Path
from tempfile import mkstemp
from typing import Any
from uuid import UUID

import msgspec

from .drafts import Finding, Verdict, WantedSku
from .rows import Row

# The rows of one product are in memory together. Shopify's limit is 2,048 variants.
MOST_ROWS = 10_000
TABLES = """
    PRAGMA journal_mode = OFF;
    PRAGMA synchronous = OFF;
    PRAGMA locking_mode = EXCLUSIVE;
    PRAGMA temp_store = FILE;
    PRAGMA cache_size = -4096;
    CREATE TABLE handles (handle TEXT PRIMARY KEY, product INTEGER NOT NULL) WITHOUT ROWID;
    CREATE TABLE rows (product INTEGER, number INTEGER, handle TEXT, line INTEGER, cells BLOB, flaw TEXT);
    CREATE TABLE skus (sku TEXT PRIMARY KEY, row INTEGER NOT NULL) WITHOUT ROWID;
    CREATE TABLE categories (path TEXT PRIMARY KEY) WITHOUT ROWID;
    CREATE TABLE wanted_skus (variant_id TEXT, sku TEXT, finding BLOB);
    CREATE TABLE findings (
        row INTEGER, line INTEGER, handle TEXT, column_name TEXT, value TEXT, reason TEXT, verdict TEXT
    );
    BEGIN;
"""


class Scratch:
    """The rows of one import, and what is found out about them, on disk."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self.is_scattered = False
        self._last_handle: str | None = None
        self._last_product = 0

    def put(self, handle: str, row: Row) -> None:
        """Keep a row with the others of its handle."""
        if handle != self._last_handle:
            self._last_handle, self._last_product = handle, self._product(handle, row.number)
        self.connection.execute(
            "INSERT INTO rows VALUES (?, ?, ?, ?, ?, ?)",
            (self._last_product, row.number, handle, row.line, msgspec.json.encode(row.cells), row.flaw),
        )

    def _product(self, handle: str, number: int) -> int:
        """Return the number of a handle's first row: its product's place in the file."""
        if self.connection.execute("INSERT OR IGNORE INTO handles VALUES (?, ?)", (handle, number)).rowcount:
            return number
        self.is_scattered = True
        (product,) = self.connection.execute("SELECT product FROM handles WHERE handle = ?", (handle,)).fetchone()
        return int(product)

    def products(self) -> Iterator[tuple[str, list[Row]]]:
        """Yield each handle with all its rows, at most MOST_ROWS, in the order in which the handles first stood."""
        order = "product, number" if self.is_scattered else "rowid"
        found = self.connection.execute(
            f"SELECT product, handle, number, line, cells, flaw FROM rows ORDER BY {order}"  # noqa: S608
        )
        decode = msgspec.json.Decoder(list[str]).decode
        for _, group in groupby(found, key=itemgetter(0)):
            records = list(islice(group, MOST_ROWS + 1))
            rows = [Row(number, line, decode(cells), flaw) for _, _, number, line, cells, flaw in records]
            yield records[0][1], rows if len(rows) <= MOST_ROWS else too_many(rows)

    def claim_sku(self, sku: str, row: int) -> int:
        """Give a SKU to the row that names it first; return the row that has it."""
        if self.connection.execute("INSERT OR IGNORE INTO skus VALUES (?, ?)", (sku, row)).rowcount:
            return row
        (owner,) = self.connection.execute("SELECT row FROM skus WHERE sku = ?", (sku,)).fetchone()
        return int(owner)

    def note_category(self, path: str) -> bool:
        """Remember a category that was made; False when it was remembered before."""
        return bool(self.connection.execute("INSERT OR IGNORE INTO categories VALUES (?)", (path,)).rowcount)

    def report(self, findings: Iterable[Finding]) -> None:
        self.connection.executemany(
            "INSERT INTO findings VALUES (?, ?, ?, ?, ?, ?, ?)",
            ((f.row, f.line, f.handle, f.column, f.value, f.reason, f.verdict.value) for f in findings),
        )

    def want_skus(self, wanted: Iterable[WantedSku]) -> None:
        """Keep SKUs that could not be given, until everything is written."""
        self.connection.executemany(
            "INSERT INTO wanted_skus VALUES (?, ?, ?)",
            ((str(w.variant_id), w.sku, msgspec.json.encode(w.finding)) for w in wanted),
        )

    def wanted_skus(self, *, at_once: int) -> Iterator[list[WantedSku]]:
        """Yield the SKUs that could not be given, some at a time."""
        found = self.connection.execute("SELECT variant_id, sku, finding FROM wanted_skus ORDER BY rowid")
        decode = msgspec.json.Decoder(Finding).decode
        while rows := found.fetchmany(at_once):
            yield [WantedSku(UUID(variant), sku, decode(finding)) for variant, sku, finding in rows]

    def count_findings(self) -> tuple[int, int]:
        """Return how many rows are named as refused, and how many notes there are."""
        refused, notes = self.connection.execute(
            "SELECT count(DISTINCT row) FILTER (WHERE verdict <> 'note'), count(*) FILTER (WHERE verdict = 'note') "
            "FROM findings"
        ).fetchone()
        return refused, notes

    def kinds_of_notes(self) -> list[tuple[int, Finding]]:
        """Return, for each column that has notes, how many and the first of them; the most frequent first."""
        counted = self.connection.execute(
            "SELECT count(*), min(row), * FROM findings WHERE verdict = 'note' "
            "GROUP BY column_name ORDER BY count(*) DESC, column_name"
        )
        return [(count, finding_of(fields)) for count, _, *fields in counted]

    def findings(self, *, notes: bool) -> Iterator[Finding]:
        """Yield what refuses something, or what is merely noted, in the order of the file."""
        found = self.connection.execute(
            "SELECT * FROM findings WHERE (verdict = 'note') = ? ORDER BY row, rowid", (notes,)
        )
        yield from map(finding_of, found)


def finding_of(fields: Sequence[Any]) -> Finding:
    row, line, handle, column, value, reason, verdict = fields
    return Finding(row, line, handle, column, value, reason, Verdict(verdict))


@contextmanager
def scratch() -> Iterator[Scratch]:
    """Open a scratch file. It has no name from the first moment, so nothing is left of it even by a kill."""
    handle, name = mkstemp(prefix="import-", suffix=".sqlite3")
    with open(handle, "rb"):
        connection = sqlite3.connect(name, isolation_level=None)
        try:
            connection.executescript(TABLES)
            Path(name).unlink()
            yield Scratch(connection)
        finally:
            connection.close()


def too_many(rows: list[Row]) -> list[Row]:
    first = rows[0]
    flaw = f"The product has more than {MOST_ROWS:,} rows, so it is no product."
    return [Row(first.number, first.line, first.cells, flaw), *rows[1:]]
