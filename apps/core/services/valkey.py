"""The embedded Valkey server: database 0 is the cache, database 1 the broker."""

import signal
from dataclasses import dataclass
from pathlib import Path

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from . import processes
from .addresses import Checkout
from .errors import ServersUnusable
from .explain import explain
from .owner import Owner

# Nothing in it is the only copy, so nothing is written to disk. Cached values expire and may be evicted; messages
# have no expiry and stay.
OPTIONS = {
    "port": "0",
    "unixsocketperm": "700",
    "save": "",
    "appendonly": "no",
    "maxmemory": "256mb",
    "maxmemory-policy": "volatile-lru",
    "daemonize": "yes",
}


@dataclass(frozen=True)
class Valkey:
    """The server of one checkout, whether it runs or not."""

    checkout: Checkout
    binary: Path
    owner: Owner

    @property
    def home(self) -> Path:
        return self.checkout.state / "valkey"

    @property
    def log(self) -> Path:
        return self.home / "server.log"

    def pid(self) -> int | None:
        """Return the server's id if it answers."""
        try:
            socket = str(self.checkout.valkey_socket)
            with redis.Redis(unix_socket_path=socket, socket_timeout=2, retry=Retry(NoBackoff(), 0)) as client:
                return int(client.info("server")["process_id"])
        except redis.RedisError:
            return None

    def start(self) -> None:
        """Start the server and wait until it answers."""
        processes.end(processes.working_in(self.home, program="valkey-server"))
        self.checkout.valkey_socket.unlink(missing_ok=True)
        self.log.unlink(missing_ok=True)
        options = OPTIONS | {
            "unixsocket": str(self.checkout.valkey_socket),
            "dir": str(self.home),
            "logfile": str(self.log),
            "pidfile": str(self.home / "server.pid"),
        }
        command = [str(self.binary), *(part for name, value in options.items() for part in (f"--{name}", value))]
        started = processes.run_as(self.owner, command, cwd=self.home)
        answers = processes.wait_until(lambda: self.pid() is not None, within_seconds=10)
        if started.returncode != 0 or not answers:
            said = self.log.read_text(errors="replace") if self.log.exists() else started.stdout
            raise ServersUnusable(explain(said, server="Valkey", folder=self.home))

    def stop(self) -> bool:
        """Stop the server; tell whether one ran."""
        pid = self.pid()
        if pid is None:
            return False
        if not processes.end([pid], with_signal=signal.SIGTERM):
            raise ServersUnusable(f"Valkey (process {pid}) does not stop; its log is {self.log}.")
        return True
