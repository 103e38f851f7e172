"""Start, stop and describe the embedded servers of a checkout."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from .addresses import HERE, Checkout, embedded_databases, needs_valkey
from .binaries import postgres_binaries, valkey_binary
from .errors import ServersUnusable
from .locks import exclusive
from .owner import Owner, current_owner, open_the_way
from .postgres import SUPERUSER, Postgres
from .roles import ensure_databases, ensure_passwords
from .valkey import Valkey

LONGEST_SOCKET_PATH = 107
Say = Callable[[str], None]


@dataclass(frozen=True)
class Status:
    """One server: `pid` is None when it does not run; `needed` is False where other servers are configured."""

    name: str
    needed: bool
    pid: int | None


@dataclass(frozen=True)
class Servers:
    """The two servers of a checkout, for the databases that no environment variable puts elsewhere."""

    databases: Sequence[str]
    checkout: Checkout = HERE
    binaries: Path | None = None
    say: Say = print

    def postgres(self) -> Postgres:
        return Postgres(self.checkout, self.binaries or postgres_binaries(), current_owner())

    def valkey(self) -> Valkey:
        return Valkey(self.checkout, valkey_binary(), current_owner())

    def start(self) -> list[str]:
        """Start what is needed and does not run; return the names of the servers started."""
        _make_folder(self.checkout.state)
        waiting = "Another process is starting or stopping the servers; waiting for it."
        with exclusive(self.checkout.state / "lock", on_wait=lambda: self.say(waiting)):
            wanted = embedded_databases(list(self.databases))
            started = ["PostgreSQL"] if wanted and self._start_postgres(wanted) else []
            return started + (["Valkey"] if needs_valkey() and self._start_valkey() else [])

    def stop(self) -> list[str]:
        """Stop the servers of this checkout; return the names of those that ran."""
        if not self.checkout.state.exists():
            return []
        with exclusive(self.checkout.state / "lock", on_wait=lambda: None):
            servers = {"PostgreSQL": self.postgres(), "Valkey": self.valkey()}
            return [name for name, server in servers.items() if server.stop()]

    def status(self) -> list[Status]:
        """Describe both servers."""
        return [
            Status("PostgreSQL", needed=bool(embedded_databases(list(self.databases))), pid=self.postgres().pid()),
            Status("Valkey", needed=needs_valkey(), pid=self.valkey().pid()),
        ]

    def _start_postgres(self, wanted: Sequence[str]) -> bool:
        server = self.postgres()
        if server.pid() is not None:
            return False
        self._prepare(server.owner, server.home, server.binaries)
        passwords = ensure_passwords(self.checkout, [SUPERUSER, *wanted])
        password_file = server.home / "password"
        try:
            password_file.touch(mode=0o600)
            password_file.write_text(passwords[SUPERUSER])
            server.owner.take(password_file)
            server.initialise(password_file)
        finally:
            password_file.unlink(missing_ok=True)
        server.start()
        ensure_databases(self.checkout, server.owner, wanted, passwords)
        return True

    def _start_valkey(self) -> bool:
        server = self.valkey()
        if server.pid() is not None:
            return False
        self._prepare(server.owner, server.home, server.binary)
        server.start()
        return True

    def _prepare(self, owner: Owner, home: Path, program: Path) -> None:
        """Make the folders a server uses, and let its user reach them and its program."""
        _make_folder(home)
        owner.take(home)
        _make_sockets_folder(self.checkout, owner)
        for opened in open_the_way(owner, home) + open_the_way(owner, program):
            self.say(f"Let the system user {owner.name} pass through {opened} (o+x; it cannot list or read it).")


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ServersUnusable(f"The folder {folder} cannot be made: {error.strerror}.") from None


def _make_sockets_folder(checkout: Checkout, owner: Owner) -> None:
    """Make the sockets' folder, refusing one that somebody else put in its place."""
    folder = checkout.sockets
    longest = folder / ".s.PGSQL.5432.lock"
    if len(str(longest).encode()) > LONGEST_SOCKET_PATH:
        raise ServersUnusable(
            f"The path {longest} is longer than a socket's may be ({LONGEST_SOCKET_PATH} characters): "
            "set SERVICES_SOCKETS_FOLDER to a shorter folder."
        )
    _make_folder(folder)
    found = folder.lstat()
    if folder.is_symlink() or not folder.is_dir() or found.st_uid not in (owner.uid, 0):
        raise ServersUnusable(
            f"{folder} belongs to somebody else: remove it, or set SERVICES_SOCKETS_FOLDER to another folder."
        )
    owner.take(folder)
