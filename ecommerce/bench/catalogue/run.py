"""
How fast a catalogue answers: each kind of question beside its bare SQL and beside the server's empty request.

Every question is asked once of a server that has not answered it before, then again from its cache; then the statements
that it takes are sent as they are, by the driver alone. All in one run, one after another, by one shopper.
"""

import json
import logging
import math
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import connections
from django.test import Client
from rich.console import Console
from rich.table import Table

from apps.core.body_cache import invalidate
from apps.core.pools import close_connections
from ecommerce.bench.databases import recreate

from .asking import KINDS, Shopper
from .generating import fill
from .serving import EMPTY, Browser, web_server

CACHED_QUESTIONS = 20
WARMING = 5
TAGS = ("products", "pages", "categories", "searches", "markets", "variants")
LARGEST_OF_SMALLEST, OF_BARE, OF_EMPTY = 3.0, 2.5, 2.0
"""What is promised: p99 of the largest catalogue, a rendered answer, a kept answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One kind of question at one size; all in milliseconds."""

    products: int
    kind: str
    empty_p50: float
    p50: float
    p99: float
    sql_p50: float
    sql_p99: float
    kept_p50: float
    kept_p99: float

    @property
    def rendered_ratio(self) -> float:
        """How many times the bare SQL and an empty request a rendered answer takes."""
        return self.p50 / (self.sql_p50 + self.empty_p50)

    @property
    def kept_ratio(self) -> float:
        return self.kept_p50 / self.empty_p50


def run(*, sizes: Sequence[int], file: Path | None = None) -> None:
    """Measure catalogues of these sizes, smallest first; print a table, and write the figures where a file is named."""
    # The lines of requests that are asked in this process.
    logging.disable(logging.INFO)
    figures: list[Measured] = []
    for size in sorted(sizes):
        began = time.monotonic()
        _empty_the_catalogue()
        fill(size)
        print(f"{size:,} products generated in {time.monotonic() - began:.0f} s", file=sys.stderr)
        invalidate(TAGS)
        with web_server() as browser:
            figures += [_measured(browser, kind, size) for kind in KINDS]
    Console(width=130).print(table(figures))
    for line in verdicts(figures):
        print(line)
    if file:
        file.write_text(json.dumps([asdict(one) for one in figures], indent=1))


def _empty_the_catalogue() -> None:
    close_connections()
    recreate("catalog", "bench_catalog")
    call_command("migrate", verbosity=0)


def _measured(browser: Browser, kind: str, size: int) -> Measured:
    ask, count = KINDS[kind]
    warming, addresses = separated(list(dict.fromkeys(islice(ask(Shopper()), count + WARMING))))
    for address in warming:
        browser.seconds(address)
    empty = [browser.seconds(EMPTY) for _ in range(300)]
    rendered = [browser.seconds(address) for address in addresses]
    again = addresses[:CACHED_QUESTIONS]
    for address in again:
        browser.seconds(address)
    kept = [browser.seconds(again[turn % len(again)]) for turn in range(300)]
    invalidate(TAGS)
    bare = [_bare_seconds(address) for address in addresses]
    return Measured(
        products=size,
        kind=kind,
        empty_p50=percentile(empty, 50),
        p50=percentile(rendered, 50),
        p99=percentile(rendered, 99),
        sql_p50=percentile(bare, 50),
        sql_p99=percentile(bare, 99),
        kept_p50=percentile(kept, 50),
        kept_p99=percentile(kept, 99),
    )


def separated(addresses: list[str]) -> tuple[list[str], list[str]]:
    """Return the first few, after which connections and imports are there, and those that are measured."""
    return addresses[:WARMING], addresses[WARMING:]


def _bare_seconds(address: str) -> float:
    """Return how long the statements behind an address take, sent by the driver alone; they ran once before."""
    statements: list[tuple[str, Any]] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        statements.append((sql, params))
        return execute(sql, params, many, context)

    with connections["catalog"].execute_wrapper(note):
        answer = Client(SERVER_NAME="127.0.0.1").get(address)
    assert answer.status_code == 200, answer.content
    assert statements, f"{address} took no statement"
    driver = connections["catalog"].connection
    began = time.perf_counter()
    for sql, params in statements:
        cursor = driver.cursor()
        cursor.execute(sql, params)
        if cursor.description:
            cursor.fetchall()
    return time.perf_counter() - began


def percentile(seconds: Sequence[float], percent: int) -> float:
    """Return the nearest-rank percentile, in milliseconds."""
    ordered = sorted(seconds)
    return ordered[max(0, math.ceil(len(ordered) * percent / 100) - 1)] * 1000


def table(figures: Sequence[Measured]) -> Table:
    """Return the figures as a table, a row for each kind and size."""
    shown = Table(title="milliseconds: median, 99th percentile")
    for head in ("", "products", "rendered", "bare SQL", "times SQL + empty", "kept", "times empty", "empty"):
        shown.add_column(head, justify="left" if not head else "right")
    for one in sorted(figures, key=lambda one: (list(KINDS).index(one.kind), one.products)):
        shown.add_row(
            one.kind,
            f"{one.products:,}",
            f"{one.p50:.1f}, {one.p99:.1f}",
            f"{one.sql_p50:.1f}, {one.sql_p99:.1f}",
            f"{one.rendered_ratio:.1f}",
            f"{one.kept_p50:.2f}, {one.kept_p99:.2f}",
            f"{one.kept_ratio:.1f}",
            f"{one.empty_p50:.2f}",
        )
    return shown


def verdicts(figures: Sequence[Measured]) -> list[str]:
    """Say of each promise whether it is kept, and by which kinds it is not."""
    smallest, largest = (choose(one.products for one in figures) for choose in (min, max))
    small = {one.kind: one for one in figures if one.products == smallest}
    large = {one.kind: one for one in figures if one.products == largest}
    growth = {kind: large[kind].p99 / small[kind].p99 for kind in large}
    rendered = {f"{one.kind} ({one.products:,})": one.rendered_ratio for one in figures}
    kept = {f"{one.kind} ({one.products:,})": one.kept_ratio for one in figures}
    promises = [
        (f"p99 of {largest:,} within {LARGEST_OF_SMALLEST:g} times that of {smallest:,}", growth, LARGEST_OF_SMALLEST),
        (f"rendered within {OF_BARE:g} times bare SQL and empty request", rendered, OF_BARE),
        (f"kept within {OF_EMPTY:g} times the empty request", kept, OF_EMPTY),
    ]
    return [_verdict(*promise) for promise in promises]


def _verdict(promise: str, ratios: dict[str, float], most: float) -> str:
    missed = [f"{name} {ratio:.1f}" for name, ratio in ratios.items() if ratio > most]
    return f"{promise}: " + (f"missed by {', '.join(missed)}" if missed else f"met, {max(ratios.values()):.1f} at most")
