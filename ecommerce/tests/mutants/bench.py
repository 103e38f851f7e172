"""A scratch copy of the checkout with servers of its own, on which one mutant at a time is tried."""

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg

from .ladder import MODEL, Rung
from .mutant import ROOT, Mutant

COPIED = ("apps", "ecommerce", "docker", "docs", "manage.py", "pytest.ini", "Makefile", ".importlinter")
TOUCHES_EVERY_DATABASE = "ecommerce/tests/crashes/test_crash_points.py::TestPoints"
MOST_SECONDS_A_TEST = 60
MOST_SECONDS_A_LAYER = 240
FAILED = re.compile(r"^(?:FAILED|ERROR) (.+?)(?: - (.*))?$", re.MULTILINE)
ENDED_WELL, SOME_FAILED, NONE_FOUND = 0, 1, 5


class BenchBroken(RuntimeError):
    """The tests could not be run at all: nothing is known of the mutant."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """How a run of tests ended: the first test that failed and what it said; both None where all passed."""

    failed: str | None
    said: str | None
    seconds: float


@dataclass
class Bench:
    """One scratch copy."""

    folder: Path
    addresses: dict[str, str] = field(default_factory=dict)
    """The address of each test database."""
    is_fresh: bool = False
    """Whether the databases are as they were made."""

    def set_up(self) -> None:
        """Copy the checkout, start its servers, and make the test databases from which each run gets fresh copies."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        for name in COPIED:
            _copied(ROOT / name, self.folder / name)
        self._manage("services", "start")
        for line in self._manage("services", "env").splitlines():
            name, _, address = line.partition("=")
            if name.endswith("_DATABASE_URL"):
                parts = urlsplit(address)
                self.addresses[name] = urlunsplit(parts._replace(path=f"/test_{parts.path.removeprefix('/')}"))
        made = self._pytest(["--create-db", "--reuse-db", TOUCHES_EVERY_DATABASE], seconds=MOST_SECONDS_A_LAYER)
        if made.failed:
            raise BenchBroken(f"{made.failed}: {made.said}")
        for address in self.addresses.values():
            self._recreate(address, f"pristine_{_name(address)}", template=_name(address))

    def tear_down(self) -> None:
        """Stop the servers, and remove the copy."""
        self._manage("services", "stop")
        shutil.rmtree(self.folder, ignore_errors=True)

    @contextmanager
    def mutated(self, mutant: Mutant) -> Iterator[None]:
        """Take the protection away for the length of a block."""
        places = [place.relative_to(ROOT) for place in mutant.places()]
        try:
            for place, change in zip(places, mutant.changes, strict=True):
                text = (self.folder / place).read_text()
                (self.folder / place).write_text(text.replace(change.old, change.new))
            yield
        finally:
            self.is_fresh = False
            for place in set(places):
                shutil.copyfile(ROOT / place, self.folder / place)

    def run(self, rung: Rung) -> Run:
        """Run layers one after another until the first failure, on databases that no other mutant has used."""
        if not all(layer.is_pure for layer in rung):
            self._freshen()
        # The model has a layer of its own.
        ignored = [] if any(layer.is_pure for layer in rung) else [f"--ignore={MODEL}"]
        tests = [test for layer in rung for test in layer.tests]
        return self._pytest(["--reuse-db", *ignored, *tests], seconds=MOST_SECONDS_A_LAYER)

    def _freshen(self) -> None:
        if not self.is_fresh:
            for address in self.addresses.values():
                self._recreate(address, _name(address), template=f"pristine_{_name(address)}")
        self.is_fresh = True

    def _pytest(self, arguments: Sequence[str], *, seconds: float) -> Run:
        command = [sys.executable, "-m", "pytest", "-x", "-q", "--tb=no", "-rfE", "-p", "no:cacheprovider"]
        begun = time.monotonic()
        try:
            done = subprocess.run(
                [*command, f"--timeout={MOST_SECONDS_A_TEST}", *arguments],
                cwd=self.folder,
                env=_environment(),
                capture_output=True,
                text=True,
                timeout=seconds,
            )
        except subprocess.TimeoutExpired:
            return Run(failed=arguments[-1], said="it does not end", seconds=time.monotonic() - begun)
        found = FAILED.search(done.stdout)
        if done.returncode not in (ENDED_WELL, SOME_FAILED) or (done.returncode == SOME_FAILED and not found):
            raise BenchBroken(f"{' '.join(arguments)}: {done.stdout[-2000:]}{done.stderr[-2000:]}")
        return Run(
            failed=found[1] if found else None, said=found[2] if found else None, seconds=time.monotonic() - begun
        )

    def _manage(self, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=self.folder,
            env=_environment(),
            capture_output=True,
            text=True,
            timeout=MOST_SECONDS_A_LAYER,
        )
        if done.returncode:
            raise BenchBroken(f"manage.py {' '.join(arguments)}: {done.stdout}{done.stderr}")
        return done.stdout

    @staticmethod
    def _recreate(address: str, database: str, *, template: str) -> None:
        """Make a database anew as a copy of another."""
        beside = urlunsplit(urlsplit(address)._replace(path="/postgres"))
        with psycopg.connect(beside, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')
            connection.execute(f'CREATE DATABASE "{database}" TEMPLATE "{template}"')


def _environment() -> dict[str, str]:
    """Return this process's environment without what names other servers; no compiled file outlives its source."""
    kept = {name: value for name, value in os.environ.items() if not name.endswith(("_URL", "DJANGO_SETTINGS_MODULE"))}
    return kept | {"PYTHONDONTWRITEBYTECODE": "1"}


def _name(address: str) -> str:
    return urlsplit(address).path.removeprefix("/")


def _copied(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
    else:
        shutil.copyfile(source, target)
