"""
A small TCP proxy before one server, for tests: it refuses, hangs, cuts connections, and cuts a COMMIT in its middle.

It runs in threads of the test's own process, so what it does to the line is known to the moment.
"""

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

COMMIT = b"Q\x00\x00\x00\x0bCOMMIT\x00"
"""A COMMIT as psycopg sends it: one simple query (PostgreSQL manual, 55.7)."""
RESET = struct.pack("ii", 1, 0)
CHUNK = 64 * 1024

Address = tuple[str, int] | str
"""A host and a port, or the path of a Unix socket."""


@dataclass(eq=False)
class Line:
    """One connection through the proxy, and whether its COMMIT has been sent and its answer must not arrive."""

    client: socket.socket
    server: socket.socket
    answer_is_lost: bool = False

    def cut(self) -> None:
        """Reset both ends: no goodbye, as when a cable is pulled and the peer's port answers no more."""
        for end in (self.client, self.server):
            with suppress(OSError):
                end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()


@dataclass
class Proxy:
    """
    Stands before the server at `target`, on a free port of its own.

    `commits_cut` counts the COMMITs whose line was cut so far.
    """

    target: Address
    port: int = 0
    commits_cut: int = 0
    _listener: socket.socket | None = None
    _lines: set[Line] = field(default_factory=set)
    _flows: threading.Event = field(default_factory=threading.Event)
    _turn: threading.Lock = field(default_factory=threading.Lock)
    _passes_before_cut: int = -1
    _cuts_left: int = 0
    _with_effect: bool = True

    def start(self) -> "Proxy":
        """Accept connections, on the same port as before where it listened before."""
        self._flows.set()
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", self.port))
        listener.listen(128)
        self.port, self._listener = listener.getsockname()[1], listener
        threading.Thread(target=self._accept, args=[listener], daemon=True).start()
        return self

    def refuse(self) -> None:
        """Refuse new connections and cut the others, as a server that is down does."""
        if self._listener is not None:
            # Closing alone would not wake the thread that waits in accept.
            with suppress(OSError):
                self._listener.shutdown(socket.SHUT_RDWR)
            self._listener.close()
            self._listener = None
        self.cut()

    def hang(self) -> None:
        """Go on accepting, and let nothing through in either direction: nobody is told anything."""
        self._flows.clear()

    def cut(self) -> None:
        """Reset every connection there is; new ones are welcome."""
        for line in list(self._lines):
            line.cut()

    def cut_commits(self, count: int = 1, *, after: int = 0, with_effect: bool = True) -> None:
        """
        Cut the connections of the next COMMITs, sparing `after` of them first.

        With effect the server gets the COMMIT and its answer is lost; without, the COMMIT itself is lost.
        """
        with self._turn:
            self._passes_before_cut, self._cuts_left, self._with_effect = after, count, with_effect

    def mend(self) -> None:
        """Let everything through again; what hung goes on."""
        self.cut_commits(0)
        self._flows.set()
        if self._listener is None:
            self.start()

    def stop(self) -> None:
        """Refuse and cut everything, for good."""
        self._flows.set()
        self.refuse()

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=[client], daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        try:
            server = self._connected()
        except OSError:
            client.close()
            return
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        line = Line(client, server)
        self._lines.add(line)
        threading.Thread(target=self._pump_answers, args=[line], daemon=True).start()
        self._pump_questions(line)

    def _connected(self) -> socket.socket:
        server = socket.socket(socket.AF_UNIX if isinstance(self.target, str) else socket.AF_INET)
        try:
            server.connect(self.target)
        except OSError:
            server.close()
            raise
        return server

    def _pump_questions(self, line: Line) -> None:
        with self._closing(line):
            while chunk := line.client.recv(CHUNK):
                self._flows.wait()
                if COMMIT in chunk and self._is_to_be_cut():
                    if not self._with_effect:
                        return
                    line.answer_is_lost = True
                line.server.sendall(chunk)

    def _pump_answers(self, line: Line) -> None:
        with self._closing(line):
            while chunk := line.server.recv(CHUNK):
                self._flows.wait()
                if line.answer_is_lost:
                    return
                line.client.sendall(chunk)

    def _is_to_be_cut(self) -> bool:
        with self._turn:
            if self._cuts_left == 0:
                return False
            if self._passes_before_cut > 0:
                self._passes_before_cut -= 1
                return False
            self._cuts_left -= 1
            self.commits_cut += 1
            return True

    @contextmanager
    def _closing(self, line: Line) -> Iterator[None]:
        """End both directions when one ends, whatever ended it."""
        try:
            with suppress(OSError):
                yield
        finally:
            line.cut()
            self._lines.discard(line)


@contextmanager
def proxy(target: Address) -> Iterator[Proxy]:
    """Run a proxy before a server, and stop it."""
    running = Proxy(target).start()
    try:
        yield running
    finally:
        running.stop()
