"""What all the chaos of a test run came to: one table over everything that was broken."""

from dataclasses import dataclass

from rich.table import Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """One test's part: how many faults struck, how many orders were placed, and what became of them."""

    what: str
    faults: int
    placed: int
    lost: int
    doubled: int
    remark: str = ""


SCORES: list[Score] = []
"""The scores of this run, in the order of the tests."""


def table() -> Table:
    """Return all scores as a table, with their sums."""
    columns = ("chaos", "faults injected", "orders placed", "orders lost", "double effects", "")
    shown = Table(*columns, box=None, header_style="bold", pad_edge=False)
    for one in SCORES:
        shown.add_row(one.what, str(one.faults), str(one.placed), str(one.lost), str(one.doubled), one.remark)
    sums = (sum(getattr(one, name) for one in SCORES) for name in ("faults", "placed", "lost", "doubled"))
    shown.add_section()
    shown.add_row("all", *map(str, sums), style="bold")
    return shown
