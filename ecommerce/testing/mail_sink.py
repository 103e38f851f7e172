"""
A mail server that never loses what it took: `python -m ecommerce.testing.mail_sink --port N --folder F`.

It is a process apart with a store of its own, so it can be asked afterwards which mails really were handed over, when,
and by which process. A mail is committed before it is acknowledged. Each also lies in the folder as a file, for tests
that read mails. Faults are rows of the store, so a test may order them while the server is dead.
"""

import argparse
import os
import signal
import sqlite3
import time
from asyncio import WriteTransport
from collections.abc import Iterator
from contextlib import closing
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

SCHEMA = """
CREATE TABLE IF NOT EXISTS mails (
    id INTEGER PRIMARY KEY,
    begun_at REAL NOT NULL,
    taken_at REAL NOT NULL,
    process INTEGER,
    message_id TEXT,
    recipient TEXT,
    subject TEXT
);
CREATE TABLE IF NOT EXISTS faults (id INTEGER PRIMARY KEY, kind TEXT NOT NULL);
"""
FAULTS = {"refuse": "451 later", "reject": "550 never", "break_before": "", "break_after": ""}
"""What may go wrong with a mail, and how it is answered; the last two break the connection instead."""


def opened(folder: Path) -> sqlite3.Connection:
    """Return the store of a folder, made where there is none."""
    folder.mkdir(parents=True, exist_ok=True)
    db = sqlite3.connect(folder / "mails.sqlite3", isolation_level=None, timeout=10, check_same_thread=False)
    db.row_factory = sqlite3.Row
    db.execute("PRAGMA journal_mode = WAL")
    db.executescript(SCHEMA)
    return db


class Sink:
    """The handler of the mail server."""

    def __init__(self, folder: Path, mails: Path) -> None:
        self.mails = mails
        self.db = opened(folder)
        self.processes: WeakKeyDictionary[Session, int | None] = WeakKeyDictionary()

    async def handle_MAIL(  # noqa: N802 the library's spelling
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.mail_from = address
        envelope.begun_at = time.time()  # type: ignore[attr-defined]
        return "250 OK"

    async def handle_DATA(  # noqa: N802 the library's spelling
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        fault = self.strike()
        if fault not in ("refuse", "reject", "break_before"):
            self.keep(session, envelope)
        if fault.startswith("break") and isinstance(server.transport, WriteTransport):
            server.transport.abort()
        return FAULTS.get(fault) or "250 OK"

    def strike(self) -> str:
        """Return the fault that was ordered for this mail; empty for none."""
        row = self.db.execute("DELETE FROM faults WHERE id = (SELECT min(id) FROM faults) RETURNING kind").fetchone()
        return str(row["kind"]) if row else ""

    def keep(self, session: Session, envelope: Envelope) -> None:
        """Note a mail, and lay it down as a file."""
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        mail = message_from_bytes(content, policy=policy.default)
        cursor = self.db.execute(
            "INSERT INTO mails (begun_at, taken_at, process, message_id, recipient, subject) VALUES (?, ?, ?, ?, ?, ?)",
            [
                envelope.begun_at,  # type: ignore[attr-defined]
                time.time(),
                self.process_of(session),
                mail["Message-ID"],
                mail["To"],
                mail["Subject"],
            ],
        )
        (self.mails / f"{cursor.lastrowid:08}.eml").write_bytes(content.replace(b"\r\n", b"\n"))

    def process_of(self, session: Session) -> int | None:
        """Return the id of the process that sends; looked for once a connection, for that takes milliseconds."""
        if session not in self.processes:
            self.processes[session] = process_behind(session.peer)
        return self.processes[session]


def process_behind(peer: Any) -> int | None:
    """Return the id of the process that holds the other end of a local connection; None where it is gone."""
    port = int(peer[1])
    inode = next((inode for local, inode in _sockets() if local == f"0100007F:{port:04X}"), None)
    for descriptor in Path("/proc").glob("[0-9]*/fd/*") if inode else ():
        try:
            if descriptor.readlink().name == f"socket:[{inode}]":
                return int(descriptor.parts[2])
        except OSError:
            continue
    return None


def _sockets() -> Iterator[tuple[str, str]]:
    """Yield the local address and the inode of each socket."""
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        fields = line.split()
        yield fields[1], fields[9]


class MailLog:
    """What the sink of a folder has noted; readable while it runs, and after its death."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def mails(self) -> list[dict[str, Any]]:
        """Return every mail that was taken, in order."""
        with closing(opened(self.folder)) as db:
            return [dict(row) for row in db.execute("SELECT * FROM mails ORDER BY id")]

    def fault(self, kind: str, *, count: int = 1) -> None:
        """Have the next mails go wrong: see FAULTS."""
        if kind not in FAULTS:
            raise ValueError(f"{kind} is no fault of a mail server; there are {', '.join(FAULTS)}")
        with closing(opened(self.folder)) as db:
            db.executemany("INSERT INTO faults (kind) VALUES (?)", [[kind]] * count)

    def mend(self) -> None:
        """Take back the faults that have not struck yet."""
        with closing(opened(self.folder)) as db:
            db.execute("DELETE FROM faults")


def main() -> None:
    parser = argparse.ArgumentParser(prog="mail_sink", description="A mail server for tests.")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--folder", type=Path, required=True, help="where its store lies")
    parser.add_argument("--mails", type=Path, required=True, help="where each mail is laid down as a file")
    options = parser.parse_args()
    options.mails.mkdir(parents=True, exist_ok=True)
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM, signal.SIGINT})
    controller = Controller(Sink(options.folder, options.mails), hostname="127.0.0.1", port=options.port)
    controller.start()
    print(f"The mail sink {os.getpid()} listens on port {options.port}", flush=True)
    signal.sigwait({signal.SIGTERM, signal.SIGINT})
    controller.stop()


if __name__ == "__main__":
    main()
