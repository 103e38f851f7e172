"""The embedded PostgreSQL server: made once, started and stopped with options of our own."""

import re
import shlex
import shutil
import signal
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from . import processes
from .addresses import Checkout
from .errors import ServersUnusable
from .explain import explain
from .owner import Owner

SUPERUSER = "postgres"
START_SECONDS = 60

# Durability stays on: what a commit promised survives a power cut. The rest suits a small machine with an SSD.
OPTIONS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "max_connections": "300",
    "shared_buffers": "256MB",
    "effective_cache_size": "1GB",
    "random_page_cost": "1.1",
    "min_wal_size": "256MB",
    "max_wal_size": "2GB",
    "jit": "off",
    "shared_preload_libraries": "pg_stat_statements",
    "pg_stat_statements.track": "top",
    "track_io_timing": "on",
    "log_lock_waits": "on",
    "log_line_prefix": "%m [%p] %q%u@%d ",
    "log_timezone": "UTC",
    "timezone": "UTC",
}


@dataclass(frozen=True)
class Postgres:
    """The server of one checkout, whether it exists yet or not; `changed` replaces some of OPTIONS."""

    checkout: Checkout
    binaries: Path
    owner: Owner
    changed: Mapping[str, str] = field(default_factory=dict)

    @property
    def home(self) -> Path:
        return self.checkout.state / "postgres"

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def log(self) -> Path:
        return self.home / "server.log"

    @cached_property
    def version(self) -> str:
        """The binaries' major version."""
        printed = processes.run_as(self.owner, [self.binaries / "postgres", "--version"], cwd=Path("/"))
        found = re.search(r"\(PostgreSQL\) (\d+)", printed.stdout)
        if found is None:
            raise ServersUnusable(
                f"{self.binaries}/postgres does not run as {self.owner.name}: {printed.stdout.strip()}"
            )
        return found[1]

    def pid(self) -> int | None:
        """Return the postmaster's id if it is ready for connections."""
        lines = self._pid_file_lines()
        if len(lines) < 8 or lines[7].strip() != "ready":
            return None
        pid = int(lines[0])
        return pid if self._is_ours(pid) else None

    def initialise(self, password: str) -> None:
        """Make the data folder, unless it is there; half a folder from an interrupted run is thrown away."""
        if self.data.exists():
            self._check_version()
            return
        password_file = self.home / "password"
        password_file.touch(mode=0o600)
        try:
            password_file.write_text(password)
            self.owner.take(password_file)
            self._initdb(password_file)
        finally:
            password_file.unlink(missing_ok=True)

    def _initdb(self, password_file: Path) -> None:
        partial = self.home / "data.partial"
        shutil.rmtree(partial, ignore_errors=True)
        locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"] if int(self.version) >= 17 else []
        command: list[str | Path] = [
            self.binaries / "initdb",
            "-D",
            partial,
            "-U",
            SUPERUSER,
            f"--pwfile={password_file}",
        ]
        command += [
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C.UTF-8" if not locale else "--locale=C",
            *locale,
        ]
        made = processes.run_as(self.owner, command, cwd=self.home)
        if made.returncode != 0:
            raise ServersUnusable(explain(made.stdout, server="PostgreSQL", folder=self.home))
        partial.rename(self.data)

    def start(self, **environment: str) -> None:
        """Start the server and wait until it takes connections; clears what a killed server left."""
        self._clear_leftovers()
        options = OPTIONS | dict(self.changed) | {"unix_socket_directories": str(self.checkout.sockets)}
        arguments = shlex.join(part for name, value in options.items() for part in ("-c", f"{name}={value}"))
        self.log.unlink(missing_ok=True)
        command: list[str | Path] = [
            self.binaries / "pg_ctl",
            "start",
            "-D",
            self.data,
            "-w",
            "-s",
            "-t",
            str(START_SECONDS),
        ]
        given = ["env", *(f"{name}={value}" for name, value in environment.items())] if environment else []
        started = processes.run_as(self.owner, [*given, *command, "-l", self.log, "-o", arguments], cwd=self.home)
        if started.returncode != 0:
            said = self.log.read_text(errors="replace") if self.log.exists() else started.stdout
            raise ServersUnusable(explain(said, server="PostgreSQL", folder=self.home))

    def stop(self) -> bool:
        """Stop the server, ending open connections; tell whether one ran."""
        pid = self.pid()
        if pid is None:
            return False
        if not processes.end([pid], with_signal=signal.SIGINT, within_seconds=60):
            raise ServersUnusable(f"PostgreSQL (process {pid}) does not stop; its log is {self.log}.")
        return True

    def _check_version(self) -> None:
        made_by = (self.data / "PG_VERSION").read_text().strip()
        if made_by != self.version:
            raise ServersUnusable(
                f"{self.data} was made by PostgreSQL {made_by}, but PostgreSQL {self.version} is installed: "
                "dump it with the old version, or throw it away with `make clean`."
            )

    def _clear_leftovers(self) -> None:
        """End the children of a killed server, and remove its pid file, which may name another program by now."""
        processes.end(processes.working_in(self.data, program="postgres"))
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        for socket in self.checkout.sockets.glob(".s.PGSQL.*"):
            socket.unlink(missing_ok=True)

    def _pid_file_lines(self) -> list[str]:
        try:
            return (self.data / "postmaster.pid").read_text().splitlines()
        except OSError:
            return []

    def _is_ours(self, pid: int) -> bool:
        return (
            pid in processes.working_in(self.data, program="postgres")
            if processes.PROC.exists()
            else processes.is_alive(pid)
        )
