"""What all the chaos of a test run came to: one table over everything that was broken, and the seed of it."""

import os
import secrets
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from rich.table import Table

SEED = int(os.environ.get("CHAOS_SEED") or secrets.randbelow(10**6))
"""What the orders and troubles of this run are drawn with; CHAOS_SEED gives it again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """One test's part: how often each kind of fault struck, how many orders were placed, and what became of them."""

    what: str
    faults: Mapping[str, int]
    placed: int
    lost: int
    doubled: int
    remark: str = ""


SCORES: list[Score] = []
"""The scores of this run, in the order of the tests."""


def table() -> Table:
    """Return all scores as a table, with the sums of every kind of fault."""
    columns = ("chaos", "faults injected", "orders placed", "orders lost", "double effects", "")
    shown = Table(
        *columns, box=None, header_style="bold", pad_edge=False, title=f"CHAOS_SEED={SEED}", title_justify="left"
    )
    for one in SCORES:
        _add(shown, one)
    shown.add_section()
    _add(shown, total(), style="bold")
    return shown


def total() -> Score:
    """Return the sum of all scores."""
    faults: Counter[str] = Counter()
    for one in SCORES:
        faults.update(one.faults)
    return Score(
        what="all",
        faults=faults,
        placed=sum(one.placed for one in SCORES),
        lost=sum(one.lost for one in SCORES),
        doubled=sum(one.doubled for one in SCORES),
        remark=f"faults: {faults.total()}, kinds of them: {len(faults)}",
    )


def _add(shown: Table, one: Score, style: str = "") -> None:
    faults = "\n".join(f"{kind}: {times}" for kind, times in sorted(one.faults.items()))
    shown.add_row(one.what, faults, str(one.placed), str(one.lost), str(one.doubled), one.remark, style=style)
