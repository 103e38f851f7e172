"""Playing the demonstrations in turn, and judging them: one that fails does not keep the next from its turn."""

import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db import Error
from rich.table import Table
from urllib3.exceptions import HTTPError

from apps.core.exceptions import DomainError

from .stage import Stage
from .telling import Teller

TROUBLE = (AssertionError, DomainError, Error, HTTPError, OSError, subprocess.SubprocessError)
"""What ends a demonstration and not the program."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What a demonstration came to: the faults by kind, the orders placed, and each claim with whether it held."""

    claims: Sequence[tuple[str, bool]]
    faults: Mapping[str, int] = field(default_factory=dict)
    placed: int = 0
    lost: int = 0
    doubled: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Demonstration:
    """One demonstration; `title` says what it shows."""

    title: str
    play: Callable[[Stage], Shown]


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """How a demonstration ended; `seconds` it took."""

    title: str
    shown: Shown
    seconds: float

    @property
    def disproved(self) -> list[str]:
        """The claims that did not hold; one that claims nothing shows nothing."""
        if not self.shown.claims:
            return ["it claims nothing"]
        return [said for said, holds in self.shown.claims if not holds]


def shown(stage: Stage, order_ids: Sequence[UUID], claims: Sequence[tuple[str, bool]], **faults: int) -> Shown:
    """Judge the orders of a demonstration, and add what every one of them claims; faults are named with underscores."""
    books = stage.books(order_ids)
    for line in (*books.lost, *books.doubled, *books.broken):
        stage.teller.say(line)
    return Shown(
        claims=[
            (f"none of {len(books.accounts)} orders is lost", len(books.accounts) > 0 and not books.lost),
            ("no customer was charged twice or got two mails", not books.doubled),
            ("gateway, mails and histories tell a possible story of each order", not books.broken),
            *claims,
        ],
        faults={name.replace("_", " "): times for name, times in faults.items()},
        placed=len(books.accounts),
        lost=len(books.lost),
        doubled=len(books.doubled),
    )


def perform(demonstrations: Sequence[Demonstration], stage: Stage, teller: Teller) -> Iterator[Result]:
    """Play each in turn."""
    for number, one in enumerate(demonstrations, 1):
        teller.act(number, one.title)
        began = time.monotonic()
        try:
            found = one.play(stage)
        except TROUBLE as error:
            found = Shown(claims=[(f"{type(error).__name__}: {str(error)[:300]}", False)])
        for said, holds in found.claims:
            teller.claim(said, holds)
        yield Result(title=one.title, shown=found, seconds=time.monotonic() - began)


def verdict(results: Sequence[Result]) -> tuple[Table, int]:
    """Return the table of all results, and what the program exits with: 0 when every claim held, 1 otherwise."""
    columns = ("demonstration", "broken", "orders placed", "lost", "double effects", "seconds", "verdict")
    table = Table(*columns, box=None, header_style="bold", pad_edge=False)
    for one in results:
        faults = "\n".join(f"{kind}: {times}" for kind, times in one.shown.faults.items())
        figures = (str(figure) for figure in (one.shown.placed, one.shown.lost, one.shown.doubled))
        said = "\n".join(f"[bold red]NOT SHOWN[/] {line}" for line in one.disproved) or "[bold green]shown[/]"
        table.add_row(one.title, faults, *figures, f"{one.seconds:.0f}", said)
    return table, int(not results or any(one.disproved for one in results))


def judge(results: Sequence[Result], teller: Teller) -> int:
    """Print the verdict; return what the program exits with."""
    table, code = verdict(results)
    teller.verdicts(table)
    return code
