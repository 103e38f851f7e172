"""Start, stop and describe the embedded servers of a checkout."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from .addresses import HERE, Checkout, embedded_databases, needs_valkey
from .binaries import postgres_binaries, valkey_binary
from .errors import ServersUnusable
from .explain import explain
from .folders import make_folder, prepare, remove_sockets_folder
from .locks import exclusive, is_held, shared
from .owner import Owner, current_owner
from .postgres import SUPERUSER, Postgres
from .roles import ensure_databases, ensure_passwords
from .valkey import Valkey

Say = Callable[[str], object]


@dataclass(frozen=True)
class Status:
    """One server: `pid` is None when it does not run; `needed` is False where other servers are configured."""

    name: str
    needed: bool
    pid: int | None


@dataclass(frozen=True)
class Servers:
    """
    The two servers of a checkout, for those of `databases` that no environment variable puts elsewhere.

    `binaries` is the folder of another PostgreSQL's programs, `say` takes a sentence for the person who waits. Every
    method raises ServersUnusable.
    """

    databases: Sequence[str]
    checkout: Checkout = HERE
    binaries: Path | None = None
    say: Say = print

    def postgres(self) -> Postgres:
        return Postgres(self.checkout, self.binaries or postgres_binaries(), current_owner())

    def valkey(self) -> Valkey:
        return Valkey(self.checkout, valkey_binary(), current_owner())

    def start(self) -> list[str]:
        """Start what is needed and does not run, to stay until `stop`; return the names of the servers started."""
        with self._alone():
            started = self._start()
            self._kept.touch()
            return started

    def stop(self) -> list[str]:
        """Stop the servers of this checkout; return the names of those that ran."""
        if not self.checkout.state.exists():
            return []
        with self._alone():
            return self._stop()

    @contextmanager
    def in_use(self) -> Iterator[None]:
        """Have the servers running for the length of a block; its last user stops them, unless `start` keeps them."""
        make_folder(self.checkout.state)
        try:
            with shared(self._users):
                with self._alone():
                    self._start()
                yield
        finally:
            with self._alone():
                if not self._kept.exists() and not is_held(self._users):
                    self._stop()

    def status(self) -> list[Status]:
        """Describe both servers."""
        with _in_a_sentence(self.checkout):
            wanted = embedded_databases(list(self.databases))
            return [
                Status("PostgreSQL", needed=bool(wanted), pid=self.postgres().pid()),
                Status("Valkey", needed=needs_valkey(), pid=self.valkey().pid()),
            ]

    @property
    def _kept(self) -> Path:
        return self.checkout.state / "kept"

    @property
    def _users(self) -> Path:
        return self.checkout.state / "users"

    @contextmanager
    def _alone(self) -> Iterator[None]:
        waiting = "Another process is starting or stopping the servers; waiting for it."
        with _in_a_sentence(self.checkout):
            make_folder(self.checkout.state)
            with exclusive(self.checkout.state / "lock", on_wait=lambda: self.say(waiting)):
                yield

    def _start(self) -> list[str]:
        wanted = embedded_databases(list(self.databases))
        started = ["PostgreSQL"] if wanted and self._start_postgres(wanted) else []
        return started + (["Valkey"] if needs_valkey() and self._start_valkey() else [])

    def _stop(self) -> list[str]:
        self._kept.unlink(missing_ok=True)
        servers: dict[str, Postgres | Valkey] = {"PostgreSQL": self.postgres(), "Valkey": self.valkey()}
        stopped = [name for name, server in servers.items() if server.stop()]
        remove_sockets_folder(self.checkout)
        return stopped

    def _start_postgres(self, wanted: Sequence[str]) -> bool:
        server = self.postgres()
        runs = server.pid() is not None
        if not runs:
            self._prepare(server.owner, server.home, server.binaries)
        passwords = ensure_passwords(self.checkout, [SUPERUSER, *wanted])
        if not runs:
            server.initialise(passwords[SUPERUSER])
            server.start()
        # Of a running server too: an earlier start may have been interrupted here.
        ensure_databases(self.checkout, wanted, passwords)
        return not runs

    def _start_valkey(self) -> bool:
        server = self.valkey()
        if server.pid() is not None:
            return False
        self._prepare(server.owner, server.home, server.binary)
        server.start()
        return True

    def _prepare(self, owner: Owner, home: Path, program: Path) -> None:
        for opened in prepare(self.checkout, owner, home=home, program=program):
            self.say(f"Let the system user {owner.name} pass through {opened} (o+x; it cannot list or read it).")


@contextmanager
def _in_a_sentence(checkout: Checkout) -> Iterator[None]:
    """Turn what the machine and PostgreSQL refuse into one sentence."""
    try:
        yield
    except psycopg.Error as error:
        raise ServersUnusable(explain(str(error), server="PostgreSQL", folder=checkout.state)) from None
    except OSError as error:
        raise ServersUnusable(f"{error.filename or checkout.state}: {error.strerror}.") from None
